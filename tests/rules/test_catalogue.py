"""What every rule of the catalogue has to be like."""

import re
from pathlib import Path

import pytest

from jobmon.diagnosis import Rerun
from rules.docs import FAMILIES
from rules.engine import examine
from rules.entity_names import NAMES
from rules.loader import CATALOG
from rules.rule import Condition, Rule
from rules.ruleset import load
from rules.samples import Sample, samples_of

CATALOGUE = load()
RULES = CATALOGUE.rules
_AS_PROSE = frozenset({"limit", "status", "exit_code", "version", "region", "signal"})
"""Numbers and plain words, which a sentence holds as they are."""
_SECRETS = re.compile(
    r"dapi[0-9a-f]{32}|AKIA[0-9A-Z]{16}|xox[abp]-\d{6,}|ghp_\w{36}|-----BEGIN [A-Z ]*PRIVATE KEY"
)

_TELLS_TO_RERUN = re.compile(
    r"(?:^|\. )(?:Rerun|(?:Run (?:it|the task)|Try(?: it)?) (?:again|once more)"
    r"(?: once| later)?)[.,;]"
)


def samples(rule: Rule) -> list[Sample]:
    return list(samples_of(Path(rule.folder)))


def texts(sample: Sample) -> str:
    failure = sample.failure
    codes = (
        failure.cluster_code,
        failure.termination.code if failure.termination else "",
        failure.termination.message if failure.termination else "",
        failure.task_type,
    )
    return "\n".join((failure.error, failure.trace, failure.message, failure.logs, *codes))


def words(text: str) -> set[str]:
    """Words that can tell a text apart, parts of joined ones too."""
    split = re.sub(r"([a-z])([A-Z])", r"\1 \2", text)
    return {word.casefold() for word in re.findall(r"[A-Za-z]{3,}|\d{2,}", split)}


def fixed_words(rule: Rule) -> set[str]:
    """The words of a rule's conditions, whatever their operator."""
    found: set[str] = set()
    for condition in (*rule.any_of, *rule.all_of):
        for value in condition.values:
            plain = re.sub(r"\(\?P<\w+>|\(\?i\)|\\[a-zA-Z]", " ", value)
            found |= words(plain)
    return found


@pytest.fixture(params=RULES, ids=lambda rule: f"{rule.code}-{rule.name}")
def rule(request: pytest.FixtureRequest) -> Rule:
    found = request.param
    assert isinstance(found, Rule)
    return found


def test_the_code_belongs_to_the_family_of_the_folder(rule: Rule) -> None:
    assert Path(rule.folder).parent == CATALOG / FAMILIES[rule.family].folder


def test_it_has_samples_that_match_and_samples_that_do_not(rule: Rule) -> None:
    kinds = [sample.must_match for sample in samples(rule)]

    assert any(kinds), "needs a match_ sample"
    assert not all(kinds), "needs an ignore_ sample"


def test_every_condition_is_met_by_a_sample_that_the_rule_wins(rule: Rule) -> None:
    met: set[Condition] = set()
    for sample in samples(rule):
        if sample.must_match:
            observation = examine(sample.failure, CATALOGUE).observation
            met |= {CATALOGUE.conditions[number] for number in observation.conditions()}

    unmet = [item for item in (*rule.all_of, *rule.any_of, *rule.also_of) if item not in met]
    assert not unmet, "nothing shows that it holds of what the software prints"


def test_samples_to_ignore_are_near_misses(rule: Rule) -> None:
    wanted = fixed_words(rule)

    for sample in samples(rule):
        if not sample.must_match:
            assert words(texts(sample)) & wanted, f"{sample.id} shares no word with the rule"


def test_samples_say_where_they_come_from(rule: Rule) -> None:
    assert all(sample.source for sample in samples(rule))


def test_samples_hold_no_secret(rule: Rule) -> None:
    assert not [sample.id for sample in samples(rule) if _SECRETS.search(texts(sample))]


def test_it_refers_to_a_page(rule: Rule) -> None:
    assert rule.references
    assert all(reference.startswith("https://") for reference in rule.references)


def test_names_in_a_summary_are_marked_as_code(rule: Rule) -> None:
    for summary in rule.summary:
        unmarked = re.findall(r"\$(\w+)", re.sub(r"`[^`]*`", "", summary))
        assert not set(unmarked) & (NAMES - _AS_PROSE), summary


def test_the_last_summary_needs_no_capture(rule: Rule) -> None:
    assert "$" not in rule.summary[-1].replace("$$", "")


def test_sentences_end_and_remedies_are_more_than_a_word(rule: Rule) -> None:
    assert rule.summary[-1].endswith((".", ")"))
    assert len(rule.remedy.split()) > 3


def test_only_a_rule_that_says_so_tells_people_to_rerun(rule: Rule) -> None:
    if rule.rerun is not Rerun.LIKELY_TO_HELP:
        assert not _TELLS_TO_RERUN.search(" ".join(rule.remedy.split())), rule.remedy


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)
