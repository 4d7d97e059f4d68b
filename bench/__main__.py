"""All benchmarks, one after the other: `python -m bench [NAME ...]`."""

import runpy
import sys

NAMES = (
    "startup",
    "accepting",
    "workers",
    "end_to_end",
    "burst",
    "large_runs",
    "growth",
    "ninety_days",
)


def main() -> None:
    names = sys.argv[1:] or NAMES
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        raise SystemExit(f"no benchmark {', '.join(unknown)}: there are {', '.join(NAMES)}")
    for name in names:
        print(f"\n## {name}\n", flush=True)
        sys.argv = [name]
        runpy.run_module(f"bench.{name}", run_name="__main__")


if __name__ == "__main__":
    main()
