from pathlib import Path

import pytest

from jobmon.errors import SettingsError
from rules.ruleset import load
from rules.samples import all_samples, judge, read_sample, run
from tests.rules.builders import write_rule, write_sample


def test_samples_are_classified_as_their_names_say_and_no_pattern_is_too_large_to_search_fast(
    capfd: pytest.CaptureFixture[str],
) -> None:
    catalogue = load()

    assert not [complaint for sample in all_samples() for complaint in judge(sample, catalogue)]
    assert "out of memory" not in capfd.readouterr().err, "RE2 had to search without its automaton"


def test_a_match_sample_that_another_rule_wins_is_complained_about(tmp_path: Path) -> None:
    file = write_rule(tmp_path)
    write_sample(file, "match_other", "ModuleNotFoundError: No module named 'zzz'")

    count, complaints = run([tmp_path], load([tmp_path]))

    assert count == 1
    assert complaints[0].startswith("X101-match_other: is won by ")


def test_an_ignore_sample_that_its_rule_wins_is_complained_about(tmp_path: Path) -> None:
    file = write_rule(tmp_path)
    write_sample(file, "match_table", "ValueError: table invoices is away")
    write_sample(file, "ignore_near", "ValueError: table orders is away")

    _, complaints = run([tmp_path], load([tmp_path]))

    assert complaints == ["X101-ignore_near: is won by X101, which should ignore it"]


def test_a_capture_that_differs_is_complained_about(tmp_path: Path) -> None:
    file = write_rule(tmp_path)
    expect = "[expect]\ncaptures = { table = 'invoices' }"
    write_sample(file, "match_table", "ValueError: table orders is away", expect)

    _, complaints = run([tmp_path], load([tmp_path]))

    assert complaints == ["X101-match_table: table is 'orders', not 'invoices'"]


def test_samples_that_are_as_their_names_say_pass(tmp_path: Path) -> None:
    file = write_rule(tmp_path)
    expect = "[expect]\ncaptures = { table = 'orders' }"
    write_sample(file, "match_table", "ValueError: table orders is away", expect)
    write_sample(file, "ignore_here", "ValueError: table orders is here")

    assert run([tmp_path], load([tmp_path])) == (2, [])


def test_a_sample_with_an_unknown_key_says_which_are_known(tmp_path: Path) -> None:
    file = write_rule(tmp_path)
    sample = write_sample(file, "match_table", "x", "[expect]\nwinners = 'X101'")

    with pytest.raises(SettingsError, match=r"match_table.toml: unknown key winners.\n  Use one"):
        read_sample(sample, "X101")


def test_a_sample_called_neither_match_nor_ignore_is_refused(tmp_path: Path) -> None:
    file = write_rule(tmp_path)
    sample = write_sample(file, "maybe_table", "x")

    with pytest.raises(SettingsError, match="neither match_… nor ignore_…"):
        read_sample(sample, "X101")
