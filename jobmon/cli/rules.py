"""`jobmon rules`: look into the rule catalogue, test it, extend it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from string import digits
from typing import BinaryIO

import click

from jobmon.cli.misses import misses
from jobmon.cli.run_number import RUN_NUMBER, GivenRun
from jobmon.cli.shell import in_words, loaded_rules, of_workspace, settings_from_environment
from jobmon.errors import InvalidPayload, JobmonError, PermanentError
from notifiers.text import counted
from rules.docs import CONTENTS, rule_section, rules_pages
from rules.encoding import as_utf8
from rules.fallback import MEANINGS
from rules.loader import CATALOG
from rules.ruleset import load
from rules.samples import run
from rules.scaffold import scaffold

DOCS = Path("docs")


@click.group(name="rules")
def rules() -> None:
    """Look into the rules, test them, add to them."""


rules.add_command(misses)


@rules.command(name="list", short_help="List all rules, or some by their code.")
@click.argument("prefix", default="")
def list_rules(prefix: str) -> None:
    """List all rules, or those whose code starts with PREFIX: a family (`PY`) or a code."""
    known = loaded_rules().rules
    rules = [rule for rule in known if rule.code.startswith(prefix.upper())]
    if not rules:
        families = ", ".join(sorted({rule.code.rstrip(digits) for rule in known}))
        raise click.ClickException(f"no rule's code begins with {prefix!r}; there are: {families}")
    for rule in rules:
        own = " (yours)" if rule.is_users else ""
        click.echo(f"{rule.code:7} {rule.category:28} {rule.confidence:7} {rule.name}{own}")


@rules.command(short_help="Show what a rule says, with an example.")
@click.argument("code")
def explain(code: str) -> None:
    """Show what the rule CODE (or its name) says, and an example; in a pipe as Markdown."""
    if code in MEANINGS:
        click.echo(f"{code}: {MEANINGS[code]}")
        return
    rule = loaded_rules().rule(code)
    if rule is None:
        message = f"there is no rule {code!r}; `jobmon rules list` shows them all"
        raise click.ClickException(message)
    _show(rule_section(rule).strip())


def _show(markdown: str) -> None:
    """Rendered where a person reads it, else as it is."""
    if not sys.stdout.isatty():
        click.echo(markdown)
        return
    from rich.console import Console  # noqa: PLC0415 (start-up time)
    from rich.markdown import Markdown  # noqa: PLC0415

    Console().print(Markdown(markdown))


@rules.command(short_help="Judge rules by their samples.")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
def test(paths: tuple[Path, ...]) -> None:
    """Judge the samples of the rules at PATHS (the built-in rules when none is given)."""
    roots = [path.resolve() for path in paths] or [CATALOG]
    users = tuple(root for root in roots if not root.is_relative_to(CATALOG))
    try:
        count, complaints = run(roots, load(users))
    except JobmonError as exc:
        raise click.ClickException(str(exc)) from exc
    for complaint in complaints:
        click.echo(complaint, err=True)
    click.echo(f"{counted(count, 'sample')} judged, {counted(len(complaints), 'complaint')}")
    if not count:
        message = "no samples found; each rule needs samples/match_….toml and samples/ignore_….toml"
        raise click.ClickException(message)
    if complaints:
        sys.exit(1)


@rules.command(short_help="Start a rule of your own.")
@click.argument("code")
@click.argument("name")
@click.option(
    "--from-text",
    "source",
    type=click.File("rb"),
    help="A failure text (- for stdin) that becomes the first sample, secrets taken out.",
)
@click.option(
    "--from-run",
    "given",
    type=RUN_NUMBER,
    help="A run, read from Databricks: its first failure that no rule knows (else its first) is "
    "the sample.",
)
@of_workspace
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder of your rules; the current one when not given.",
)
@in_words
def new(
    code: str,
    name: str,
    *,
    source: BinaryIO | None,
    given: GivenRun | None,
    workspace: str,
    into: Path,
) -> None:
    """Start the rule CODE called NAME, with samples that do not pass yet."""
    if source and given is not None:
        raise click.UsageError("give --from-text or --from-run, not both")
    text = b"".join(as_utf8([source.read()])).decode(errors="replace") if source else ""
    if given is not None:
        text = _failure_of(given, workspace)
    try:
        files = scaffold(code, name, text)
    except InvalidPayload as exc:
        raise click.ClickException(str(exc)) from exc
    folder = into / f"{code}-{name}"
    if taken := next(into.glob(f"{code}-*"), None):
        message = f"{taken} exists; choose another code"
        raise click.ClickException(message)
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
        click.echo(str(target))
    click.echo(f"Fill it in, then: jobmon rules test {folder}")


def _failure_of(given: GivenRun, workspace: str) -> str:
    from jobmon.cli import run_report  # noqa: PLC0415 (the SDK takes a second to import)

    settings = settings_from_environment()
    client = run_report.workspace_named(settings, workspace, given)
    with run_report.progress("reading the run") as tell:
        look = run_report.look_at(client, run_report.run_of(client, given.run_id), settings, tell)
    told = sorted(look.details, key=lambda item: item.diagnosis.finding is not None)
    texts = (item.failure.trace or item.failure.error or item.failure.message for item in told)
    text = next(filter(None, texts), "")
    if not text:
        raise PermanentError(
            f"run {given.run_id} has no failed task with a text: there is no sample"
        )
    return text


@rules.command(short_help="Write the pages about rules in jobmon's repository.")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when a page is not current.")
def docs(*, check: bool) -> None:
    """Write docs/rules.md and docs/rules of jobmon's own repository from the built-in catalogue."""
    if not (Path("rules") / CATALOG.name).is_dir():  # others have pages of their own there
        message = "this is not jobmon's repository: nothing is written; go to the top of a clone"
        raise click.ClickException(message)
    pages = {DOCS / path: page for path, page in rules_pages(load().rules).items()}
    committed = {path: path.read_text(encoding="utf-8") for path in _committed_pages()}
    if pages == committed:
        click.echo(f"{DOCS / CONTENTS} is current")
    elif check:
        message = f"{DOCS / CONTENTS} is not current; run `jobmon rules docs`"
        raise click.ClickException(message)
    else:
        for path in committed.keys() - pages.keys():
            path.unlink()
        for path, page in pages.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page, encoding="utf-8")
        click.echo(f"{DOCS / CONTENTS} written, and {len(pages) - 1} pages beside it")


def _committed_pages() -> Iterator[Path]:
    yield from DOCS.glob(CONTENTS)
    yield from DOCS.glob("rules/*.md")
