"""Rebuild rules/data/error_conditions.json from the open lists of error conditions.

    python scripts/build_error_conditions.py LIST [LIST ...]

LIST is a file that Spark or Delta Lake publish under Apache-2.0: `error-conditions.json` of Spark
(in the jar `spark-common-utils`, or in the Python package `pyspark.errors`), or
`delta-error-classes.json`. Only names and SQLSTATEs are kept: the sentences are not needed.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "rules" / "data" / "error_conditions.json"

# Numbers instead of names: Spark's old messages, which say nothing by themselves.
UNNAMED = "_LEGACY_ERROR_"


def states_of(lists: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Map every named error condition to its SQLSTATE; a list without states gives an empty one."""
    states: dict[str, str] = {}
    for error_conditions in lists:
        for name, entry in error_conditions.items():
            if not name.startswith(UNNAMED):
                states[name] = entry.get("sqlState", "") or states.get(name, "")
    return states


def by_state(states: Mapping[str, str]) -> dict[str, list[str]]:
    """Put the names under their SQLSTATE, which is shorter and reads better in a review."""
    names: dict[str, list[str]] = defaultdict(list)
    for name, state in sorted(states.items()):
        names[state].append(name)
    return dict(sorted(names.items()))


def main() -> None:
    """Write the file, one SQLSTATE a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lists", nargs="+", type=Path)
    paths: list[Path] = parser.parse_args().lists
    states = states_of(json.loads(path.read_text(encoding="utf-8")) for path in paths)
    lines = [
        f"{json.dumps(state)}: {json.dumps(names)}" for state, names in by_state(states).items()
    ]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{TARGET}: {len(states)} error conditions")


if __name__ == "__main__":
    main()
