"""The pages about the rules, written from the catalogue: nothing in them is typed by hand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import NamedTuple

from rules.fallback import MEANINGS
from rules.rule import Rule
from rules.samples import Sample, samples_of


class Family(NamedTuple):
    """Rules about one subject: what people call it, and its folder in the catalogue."""

    title: str
    folder: str


FAMILIES = {
    "RUN": Family("Runs and jobs", "run"),
    "CLU": Family("Clusters", "cluster"),
    "CLD": Family("Cloud providers", "cloud"),
    "LIB": Family("Libraries", "library"),
    "MEM": Family("Memory", "memory"),
    "DRV": Family("Driver", "driver"),
    "NET": Family("Network", "network"),
    "STO": Family("Storage", "storage"),
    "ACC": Family("Access", "access"),
    "LIM": Family("Limits", "limits"),
    "SPK": Family("Spark", "spark"),
    "SQL": Family("SQL", "sql"),
    "DEL": Family("Delta", "delta"),
    "STR": Family("Streaming", "streaming"),
    "PIP": Family("Pipelines", "pipeline"),
    "PY": Family("Python", "python"),
    "DAT": Family("Data libraries", "data"),
    "MLF": Family("MLflow", "mlflow"),
    "MLX": Family("Machine learning", "ml"),
    "DBT": Family("dbt", "dbt"),
    "DQX": Family("Data quality", "quality"),
    "EXT": Family("Other services", "external"),
    "WRD": Family("Words of any software", "words"),
}
"""Families by the prefix of their codes, in the order of the pages."""

CONTENTS = "rules.md"
"""The page that lists all rules; each family's own page stands in the folder beside it."""

_INTRODUCTION = """\
# Rules

Written from the catalogue by `jobmon rules docs`; a test keeps it current. How rules are read,
matched and ranked is told in [diagnosis.md](diagnosis.md); how to add yours, in
[writing-rules.md](writing-rules.md). `jobmon rules explain CODE` shows one in the terminal.

"""


def rules_pages(rules: Iterable[Rule]) -> dict[str, str]:
    """Return the pages about the built-in rules by their paths within `docs`."""
    by_family: dict[str, list[Rule]] = {family: [] for family in FAMILIES}
    for rule in sorted(rules, key=lambda rule: rule.code):
        by_family[rule.family].append(rule)
    pages = {_page(family): _family_page(family, found) for family, found in by_family.items()}
    return {CONTENTS: _contents(by_family), **pages}


def _contents(by_family: Mapping[str, Sequence[Rule]]) -> str:
    count = sum(len(found) for found in by_family.values())
    parts = [_INTRODUCTION, f"There are {count} rules in {len(by_family)} families.\n"]
    for family, found in by_family.items():
        parts.append(f"\n## [{_title(family)}]({_page(family)})\n\n")
        parts.append("| rule | what it says | category |\n| --- | --- | --- |\n")
        parts += [_row(rule) for rule in found]
    parts.append("\n## Judged without a rule (GEN)\n\n")
    parts += [f"- **{code}** {meaning}\n" for code, meaning in MEANINGS.items()]
    return "".join(parts)


def _row(rule: Rule) -> str:
    where = f"{_page(rule.family)}#{rule.code}-{rule.name}".lower()
    summary = _in_general(rule).replace("|", "\\|")
    return f"| [{rule.code}]({where}) | {summary} | `{rule.category}` |\n"


def _family_page(family: str, rules: Iterable[Rule]) -> str:
    sections = (rule_section(rule) for rule in rules)
    return f"# {_title(family)}\n\n[All rules](../{CONTENTS})\n{''.join(sections)}"


def _page(family: str) -> str:
    return f"rules/{FAMILIES[family].folder}.md"


def _title(family: str) -> str:
    return f"{FAMILIES[family].title} ({family})"


def rule_section(rule: Rule) -> str:
    """Return what is said about one rule."""
    return "\n".join(_section(rule)) + "\n"


def _section(rule: Rule) -> Iterator[str]:
    yield f"\n## {rule.code} {rule.name}\n"
    yield f"{_in_general(rule)}\n"
    if told := [_unfilled(summary) for summary in rule.summary[:-1]]:
        yield "\n".join(("Where the text tells more:\n", *(f"- {line}" for line in told), ""))
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


def _in_general(rule: Rule) -> str:
    """The last sentence of several: it holds whenever the rule fires."""
    return _unfilled(rule.summary[-1])


def _unfilled(summary: str) -> str:
    names = Template(summary).get_identifiers()
    return Template(summary).safe_substitute({name: f"{{{name}}}" for name in names})


def _flat(text: str) -> str:
    return " ".join(text.split())
