"""Reading rule folders: every fault of every file is found before any is reported."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from rules.rule import Rule
from rules.rulefile import RuleReader

CATALOG = Path(__file__).parent / "catalog"
"""The built-in rules: `<family>/<CODE>-<name>/rule.toml`."""

RULE_FILE = "rule.toml"


def rule_files(root: Path) -> list[Path]:
    """All rule files at or below a folder, in one order on every machine."""
    return sorted(root.rglob(RULE_FILE))


def codes_at(root: Path) -> set[str]:
    """The codes of all rules at or below a folder, by the names of theirs; none is read."""
    return {file.parent.name.partition("-")[0] for file in rule_files(root)}


def read_rules(files: Iterable[Path], *, is_users: bool) -> tuple[list[Rule], list[str]]:
    """Read rule files; returns the rules that are right and a sentence for each fault."""
    rules: list[Rule] = []
    faults: list[str] = []
    for file in files:
        rule = _read_rule(file, is_users=is_users, faults=faults)
        if rule is not None:
            rules.append(rule)
    return rules, faults


def _read_rule(file: Path, *, is_users: bool, faults: list[str]) -> Rule | None:
    shown = shown_path(file)
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as exc:
        faults.append(f"{shown}: cannot be read: {exc.strerror}. Check its permissions.")
        return None
    except UnicodeDecodeError:
        faults.append(f"{shown}: is not UTF-8 text. Save it as UTF-8.")
        return None
    except tomllib.TOMLDecodeError as exc:
        faults.append(
            f"{shown}: is not TOML: {exc}.\n  Put regexes into single quotes ('…' or '''…''')."
        )
        return None
    reader = RuleReader(table, file=shown, folder=file.parent, is_users=is_users)
    rule = reader.read()
    faults.extend(reader.faults)
    return None if reader.faults else rule


def shown_path(file: Path) -> str:
    """Return a file as people know it: from the catalogue's parent on, else as given."""
    built_in = CATALOG.parent.parent
    return str(file.relative_to(built_in) if file.is_relative_to(built_in) else file)
