"""`jobmon rules`: look into the rules, test them, add to them."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jobmon.cause_group import RunDiagnosis
from jobmon.cli.rules import rules
from jobmon.store.client import Client
from tests.rules.builders import write_rule, write_sample
from tests.support.digests import a_group, an_unknown_group
from tests.support.remembered import remembered

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    for name in ("JOBMON_RULES_PATH", "JOBMON_RULES_DISABLE"):
        monkeypatch.delenv(name, raising=False)

    def invoke(*arguments: str, text: str | None = None, **environ: str) -> Result:
        return CliRunner().invoke(rules, arguments, input=text, env=environ)

    return invoke


def on_a_terminal(*arguments: str) -> str:
    """What a Python program writes to a terminal."""
    ours, its = pty.openpty()
    with subprocess.Popen([sys.executable, *arguments], stdout=its) as program:
        os.close(its)
        written = b"".join(_read_to_the_end(ours))
    os.close(ours)
    assert program.returncode == 0
    return written.decode()


def _read_to_the_end(terminal: int) -> Iterator[bytes]:
    with suppress(OSError):  # so Linux says that nobody writes any more
        while read := os.read(terminal, 4096):
            yield read


def test_rules_are_listed_with_the_users_own(run: Run, tmp_path: Path) -> None:
    write_rule(tmp_path / "mine")

    result = run("list", JOBMON_RULES_PATH=str(tmp_path / "mine"))

    assert result.exit_code == 0
    assert "X101" in result.output
    assert "(yours)" in result.output


def test_a_family_that_does_not_exist_is_told_those_that_do(run: Run) -> None:
    result = run("list", "XYZ")

    assert result.exit_code == 1
    assert "no rule's code begins with 'XYZ'; there are: " in result.output
    assert " PY," in result.output


def test_rules_that_are_switched_off_are_not_listed(run: Run) -> None:
    assert "PY101" in run("list").output
    assert "PY101" not in run("list", JOBMON_RULES_DISABLE="PY").output


def test_rules_are_switched_off_as_for_a_diagnosis(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "disabled"
    file.write_text("PY101 PY102\n", encoding="utf-8")

    for listed in (
        run("list", JOBMON_RULES_DISABLE="PY101 PY102"),
        run("list", JOBMON_RULES_DISABLE_FILE=str(file)),
    ):
        assert not {"PY101", "PY102"} & set(listed.output.split())


@pytest.mark.parametrize("code", ["A101", "PY999", "x101"])
def test_only_a_code_that_a_users_rule_may_have_is_begun(run: Run, code: str) -> None:
    result = run("new", code, "foo-bar")

    assert result.exit_code == 1
    assert "X101" in result.output


def test_a_rule_is_explained_by_code(run: Run) -> None:
    assert "PY101" in run("explain", "py101").output


def test_in_a_pipe_a_rule_is_explained_in_markdown(run: Run) -> None:
    assert run("explain", "PY101").output.startswith("## PY101 module-not-found\n")


def test_on_a_terminal_a_rule_is_explained_without_marks_of_markdown() -> None:
    said = on_a_terminal("-m", "jobmon", "rules", "explain", "PY101")

    assert "PY101 module-not-found" in said
    assert not [mark for mark in ("##", "**", "```", "`%pip`") if mark in said]


def test_an_unknown_rule_is_an_error(run: Run) -> None:
    result = run("explain", "PY999")

    assert result.exit_code == 1
    assert "there is no rule 'PY999'" in result.output


def test_samples_that_pass_end_with_0(run: Run, tmp_path: Path) -> None:
    file = write_rule(tmp_path / "mine")
    write_sample(file, "match_table", "ValueError: table orders is away")

    assert run("test", str(tmp_path / "mine")).exit_code == 0


def test_samples_that_fail_end_with_1_and_say_why(run: Run, tmp_path: Path) -> None:
    file = write_rule(tmp_path / "mine")
    write_sample(file, "match_table", "ValueError: table orders is here")

    result = run("test", str(tmp_path / "mine"))

    assert result.exit_code == 1
    assert "X101-match_table: is won by" in result.output


def test_a_broken_rule_ends_with_1_and_its_fault(run: Run, tmp_path: Path) -> None:
    file = write_rule(tmp_path / "mine")
    file.write_text(file.read_text().replace('"high"', '"sure"'))

    result = run("test", str(tmp_path / "mine"))

    assert result.exit_code == 1
    assert "confidence: unknown value 'sure'" in result.output


def test_a_new_rule_is_scaffolded_with_a_sample_that_fails(run: Run, tmp_path: Path) -> None:
    result = run("new", "X105", "nightly-missed", "--from-text", "-", text="Nightly is late\n")

    folder = tmp_path / "X105-nightly-missed"
    assert result.exit_code == 0
    assert "Nightly is late" in (folder / "samples" / "match_first.toml").read_text()
    assert run("test", str(folder)).exit_code == 1


def test_a_new_rule_writes_over_nothing(run: Run) -> None:
    run("new", "X105", "nightly-missed")

    assert run("new", "X105", "nightly-missed").exit_code == 1


def test_secrets_do_not_get_into_a_sample(run: Run, tmp_path: Path) -> None:
    token = "dapi" + "0123456789abcdef" * 2
    run("new", "X105", "nightly-missed", "--from-text", "-", text=f"token={token} refused")

    written = (tmp_path / "X105-nightly-missed" / "samples" / "match_first.toml").read_text()
    assert token not in written


def test_docs_of_others_are_left_alone(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "docs" / "rules" / "house.md"
    page.parent.mkdir(parents=True)
    page.write_text("# Ours", encoding="utf-8")

    result = run("docs")

    assert result.exit_code == 1
    assert "not jobmon's repository" in result.output
    assert page.read_text(encoding="utf-8") == "# Ours"
    assert not (tmp_path / "docs" / "rules.md").exists()


def test_docs_are_written_and_then_current(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rules" / "catalog").mkdir(parents=True)
    assert run("docs", "--check").exit_code == 1
    assert run("docs").exit_code == 0
    assert (tmp_path / "docs" / "rules.md").exists()
    assert (tmp_path / "docs" / "rules" / "spark.md").exists()
    assert run("docs", "--check").exit_code == 0


def test_the_page_of_a_family_that_is_gone_is_taken_away(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rules" / "catalog").mkdir(parents=True)
    run("docs")
    (tmp_path / "docs" / "rules" / "gone.md").write_text("# Gone")

    assert run("docs", "--check").exit_code == 1
    run("docs")
    assert not (tmp_path / "docs" / "rules" / "gone.md").exists()


def test_misses_are_counted_the_most_frequent_first(run: Run) -> None:
    texts = ["odd thing 1", "odd thing 2", "another", "MemoryError: x"]
    lines = "\n".join(json.dumps({"text": text}) for text in texts)

    shown = run("misses", text=lines).output.splitlines()

    assert shown[0].split()[0] == "2"
    assert "odd thing 1" in shown[0]


def test_a_line_that_holds_no_text_does_not_hide_the_others(run: Run) -> None:
    result = run("misses", text='{"text": "odd thing 1"}\nnonsense\n')

    assert result.exit_code == 4
    assert "odd thing 1" in result.output
    assert "1 line could not be read" in result.output


def test_no_text_at_all_is_not_called_known(run: Run) -> None:
    result = run("misses", text="")

    assert "No text was read: write one" in result.output
    assert "known" not in result.output


def test_misses_of_this_installation_name_a_run_to_begin_with(
    run: Run, client: Client, redis_url: str
) -> None:
    known, unknown = a_group(), an_unknown_group(headline="LedgerError: period is final")
    digest = remembered(client, diagnosis=RunDiagnosis(groups=(known, unknown), failed_count=2))

    (line,) = run("misses", "--seen", REDIS_URL=redis_url).output.splitlines()

    assert "LedgerError: period is final" in line
    assert line.endswith(f"run {digest.run.run_id}")


def test_failures_that_rules_know_are_no_misses(run: Run, client: Client, redis_url: str) -> None:
    remembered(client)

    said = run("misses", "--seen", REDIS_URL=redis_url).output
    assert said == "A rule knows every failure with a text that is remembered.\n"


def test_a_run_that_could_not_be_read_is_not_called_known(
    run: Run, client: Client, redis_url: str
) -> None:
    remembered(client, diagnosis=RunDiagnosis(notes=("The run could not be read",)))

    said = run("misses", "--seen", REDIS_URL=redis_url).output
    assert said == "No failure with a text is remembered.\n"


def test_a_judgement_without_a_rule_is_explained(run: Run) -> None:
    assert "the type of its exception was judged" in run("explain", "GEN102").output


def test_a_rule_that_no_sample_tries_is_a_complaint(run: Run, tmp_path: Path) -> None:
    file = write_rule(tmp_path / "mine")
    write_sample(file, "ignore_near", "ValueError: it rains")

    result = run("test", str(tmp_path / "mine"))

    assert result.exit_code == 1
    assert "X101-table-away: has no samples/match_….toml" in result.output


def test_a_code_is_given_to_one_rule_only(run: Run) -> None:
    run("new", "X101", "night-late")

    result = run("new", "X101", "day-late")

    assert result.exit_code == 1
    assert "X101-night-late exists; choose another code" in result.output


def test_a_sample_may_come_from_a_file_with_a_byte_order_mark(run: Run, tmp_path: Path) -> None:
    (tmp_path / "failure.txt").write_text("LedgerError: final", encoding="utf-16")

    run("new", "X105", "period-final", "--from-text", "failure.txt")

    sample = tmp_path / "X105-period-final" / "samples" / "match_first.toml"
    assert "\nLedgerError: final\n" in sample.read_text(encoding="utf-8")


def test_a_scaffolded_rule_wins_once_its_words_are_filled_in(run: Run, tmp_path: Path) -> None:
    failure = "LedgerError: period 2026-11 is final\n"
    run("new", "X105", "period-final", "--from-text", "-", text=failure)
    folder = tmp_path / "X105-period-final"
    for name, words, filled in (
        ("rule.toml", r"the fixed words, with (?P<name>\S+) for what varies", r"is (?P<name>\w+)"),
        ("samples/match_first.toml", "what it must capture", "final"),
        ("samples/ignore_near.toml", "A text that is nearly the same", "The period was final"),
    ):
        text = (folder / name).read_text()
        assert words in text
        (folder / name).write_text(text.replace(words, filled))

    result = run("test", str(folder))

    assert result.exit_code == 0, result.output
    assert "2 samples judged, 0 complaints" in result.output
