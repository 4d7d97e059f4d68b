"""`docs/rules.md`, written from the catalogue: nothing in it is typed by hand."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Template

from rules.fallback import MEANINGS
from rules.rule import Rule
from rules.samples import Sample, samples_of

FAMILIES = {
    "RUN": "Runs and jobs",
    "CLU": "Clusters",
    "CLD": "Cloud providers",
    "LIB": "Libraries",
    "MEM": "Memory",
    "DRV": "Driver",
    "NET": "Network",
    "STO": "Storage",
    "ACC": "Access",
    "LIM": "Limits",
    "SPK": "Spark",
    "SQL": "SQL",
    "DEL": "Delta",
    "STR": "Streaming",
    "PIP": "Pipelines",
    "PY": "Python",
    "DAT": "Data libraries",
    "MLF": "MLflow",
    "MLX": "Machine learning",
    "DBT": "dbt",
    "DQX": "Data quality",
    "EXT": "Other services",
    "WRD": "Words of any software",
}
"""Families by the prefix of their codes, in the order of the page."""

_WITHOUT_A_RULE = "Judged without a rule (GEN)"

FOLDERS = {
    "RUN": "run",
    "CLU": "cluster",
    "CLD": "cloud",
    "LIB": "library",
    "MEM": "memory",
    "DRV": "driver",
    "NET": "network",
    "STO": "storage",
    "ACC": "access",
    "LIM": "limits",
    "SPK": "spark",
    "SQL": "sql",
    "DEL": "delta",
    "STR": "streaming",
    "PIP": "pipeline",
    "PY": "python",
    "DAT": "data",
    "MLF": "mlflow",
    "MLX": "ml",
    "DBT": "dbt",
    "DQX": "quality",
    "EXT": "external",
    "WRD": "words",
}
"""The catalogue folder of each family."""

_INTRODUCTION = """\
# Rules

Written from the catalogue by `jobmon rules docs`; a test keeps it current. How rules are read,
matched and ranked is told in [diagnosis.md](diagnosis.md); how to add yours, in
[writing-rules.md](writing-rules.md).

"""


def rules_page(rules: Iterable[Rule]) -> str:
    """Return the whole page."""
    by_family: dict[str, list[Rule]] = {}
    for rule in rules:
        by_family.setdefault(rule.family, []).append(rule)
    known = [family for family in FAMILIES if family in by_family]
    others = sorted(by_family.keys() - FAMILIES.keys())
    count = sum(len(found) for found in by_family.values())
    parts = [_INTRODUCTION, f"There are {count} rules in {len(by_family)} families.\n\n"]
    parts += [_contents(family, by_family[family]) for family in (*known, *others)]
    parts.append(f"- [{_WITHOUT_A_RULE}](#{_anchor(_WITHOUT_A_RULE)})\n")
    for family in (*known, *others):
        parts.append(f"\n## {_title(family)}\n")
        parts += [rule_section(rule) for rule in sorted(by_family[family], key=_code)]
    parts.append(f"\n## {_WITHOUT_A_RULE}\n\n")
    parts += [f"- **{code}** {meaning}\n" for code, meaning in MEANINGS.items()]
    return "".join(parts)


def rule_section(rule: Rule) -> str:
    """Return what is said about one rule."""
    return "\n".join(_section(rule)) + "\n"


def _section(rule: Rule) -> Iterator[str]:
    yield f"\n### {rule.code} {rule.name}\n"
    yield f"{_unfilled(rule.summary[0])}\n"
    yield (
        f"Category `{rule.category}` · {rule.confidence} confidence · "
        f"a rerun is {str(rule.rerun).replace('_', ' ')}\n".replace("is unknown", "may help or not")
    )
    yield f"{_flat(rule.why)}\n"
    yield f"**Do this:** {_flat(rule.remedy)}\n"
    example = example_of(rule)
    if example:
        yield f"```text\n{example}\n```\n"
    yield " · ".join(f"<{reference}>" for reference in rule.references)


def example_of(rule: Rule) -> str:
    """Return the start of the rule's first `match_` sample; empty when it has none."""
    if not rule.folder:
        return ""
    samples = (item for item in samples_of(Path(rule.folder)) if item.must_match)
    sample = next(samples, None)
    return _shown(sample) if sample else ""


_MAX_LINES = 6
_MAX_LINE = 200


def _shown(sample: Sample) -> str:
    failure = sample.failure
    text = next(filter(None, (failure.error, failure.trace, failure.message, failure.logs)), "")
    if not text:
        code = failure.termination.code if failure.termination else failure.cluster_code
        return f"termination code {code}"
    lines = [line.rstrip()[:_MAX_LINE].replace("```", "'''") for line in text.strip().split("\n")]
    cut = ["…"] if len(lines) > _MAX_LINES else []
    return "\n".join([*cut, *lines[-_MAX_LINES:]])


def _contents(family: str, rules: list[Rule]) -> str:
    return f"- [{_title(family)}](#{_anchor(_title(family))}): {len(rules)}\n"


def _title(family: str) -> str:
    return f"{FAMILIES.get(family, 'Others')} ({family})"


def _anchor(title: str) -> str:
    kept = "".join(char for char in title.casefold() if char.isalnum() or char in " -")
    return kept.replace(" ", "-")


def _unfilled(summary: str) -> str:
    names = Template(summary).get_identifiers()
    return Template(summary).safe_substitute({name: f"{{{name}}}" for name in names})


def _flat(text: str) -> str:
    return " ".join(text.split())


def _code(rule: Rule) -> str:
    return rule.code
