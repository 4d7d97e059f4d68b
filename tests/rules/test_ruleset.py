from pathlib import Path

import pytest

from jobmon.diagnosis import Diagnosis
from jobmon.errors import SettingsError
from rules.engine import classify
from rules.ruleset import RuleSet, enabled, load
from tests.rules.builders import a_failure, a_rule, when, write_rule

AWAY = "ValueError: table orders is away"


def diagnosed(text: str, ruleset: RuleSet) -> Diagnosis:
    return classify(a_failure(text), ruleset)


def test_rules_of_the_users_folders_count_beside_ours(tmp_path: Path) -> None:
    write_rule(tmp_path / "a")
    write_rule(tmp_path / "b", "X102", "other")

    ruleset = load([tmp_path / "a", tmp_path / "b"])

    assert {"X101", "X102"} <= {rule.code for rule in ruleset.rules}
    assert len(ruleset) == len(load()) + 2


def test_a_users_rule_can_replace_one_of_ours(tmp_path: Path) -> None:
    ours = load().rules[0].code
    write_rule(tmp_path, more=f'replaces = "{ours}"')

    codes = {rule.code for rule in load([tmp_path]).rules}

    assert ours not in codes
    assert "X101" in codes


def test_replacing_a_rule_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    write_rule(tmp_path, more='replaces = "ZZZ999"')

    with pytest.raises(SettingsError, match="replaces: there is no rule 'ZZZ999'"):
        load([tmp_path])


def test_two_rules_with_one_code_do_not_load(tmp_path: Path) -> None:
    write_rule(tmp_path / "a")
    write_rule(tmp_path / "b")

    with pytest.raises(SettingsError, match="X101: is claimed by"):
        load([tmp_path])


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"there is no such folder.\n  Correct JOBMON_RULES"):
        load([tmp_path / "gone"])


@pytest.mark.parametrize(
    ("disabled", "left"),
    [
        pytest.param((), ["NET101", "PY101", "PY102"], id="nothing"),
        pytest.param(("PY101",), ["NET101", "PY102"], id="a-code"),
        pytest.param(("py", "NET"), [], id="prefixes"),
        pytest.param(("", " "), ["NET101", "PY101", "PY102"], id="blanks"),
    ],
)
def test_rules_are_switched_off_by_code_or_prefix(
    disabled: tuple[str, ...], left: list[str]
) -> None:
    rules = [a_rule("NET101"), a_rule("PY101"), a_rule("PY102")]

    assert [rule.code for rule in enabled(rules, disabled)] == left


def test_a_replacement_that_is_switched_off_replaces_nothing() -> None:
    rules = [a_rule("PY101"), a_rule("X101", replaces="PY101")]

    assert [rule.code for rule in enabled(rules, ("X101",))] == ["PY101"]


def test_what_is_said_without_a_rule_can_be_switched_off() -> None:
    assert diagnosed("ValueError: bad", RuleSet([])).finding is not None
    assert diagnosed("ValueError: bad", RuleSet([], disabled=("GEN",))).finding is None


def test_a_rule_is_found_by_code_or_name() -> None:
    ruleset = RuleSet([a_rule("PY101", name="module-not-found")])

    assert ruleset.rule("py101") is ruleset.rule("module-not-found") is ruleset.rules[0]
    assert ruleset.rule("PY999") is None


def test_the_order_of_rules_changes_nothing() -> None:
    rules = [a_rule(f"PY10{n}", when("message", contains="orders")) for n in range(5)]

    assert diagnosed(AWAY, RuleSet(rules)) == diagnosed(AWAY, RuleSet(reversed(rules)))
