"""What every rule of the catalogue has to be like: each test names those that are not."""

import re
from itertools import chain
from pathlib import Path

from jobmon.diagnosis import Rerun
from rules.docs import FAMILIES
from rules.engine import examine
from rules.entity_names import NAMES
from rules.loader import CATALOG
from rules.rule import Condition, Rule
from rules.ruleset import load
from rules.samples import Sample, samples_of
from rules.telling import told_nearby

CATALOGUE = load()
RULES = CATALOGUE.rules
SAMPLES = {rule: tuple(samples_of(Path(rule.folder))) for rule in RULES}
ALL_SAMPLES = tuple(chain.from_iterable(SAMPLES.values()))
_AS_PROSE = frozenset({"limit", "status", "exit_code", "version", "region", "signal"})
"""Numbers and plain words, which a sentence holds as they are."""
_SECRETS = re.compile(
    r"dapi[0-9a-f]{32}|AKIA[0-9A-Z]{16}|xox[abp]-\d{6,}|ghp_\w{36}|-----BEGIN [A-Z ]*PRIVATE KEY"
)

_TELLS_TO_RERUN = re.compile(
    r"(?:^|\. )(?:Rerun|(?:Run (?:it|the task)|Try(?: it)?) (?:again|once more)"
    r"(?: once| later)?)[.,;]"
)


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


def test_the_code_belongs_to_the_family_of_the_folder() -> None:
    misplaced = [
        rule.folder
        for rule in RULES
        if Path(rule.folder).parent != CATALOG / FAMILIES[rule.family].folder
    ]

    assert not misplaced


def test_a_rule_has_samples_that_match_and_samples_that_do_not() -> None:
    kinds = {
        rule.code: {sample.must_match for sample in samples} for rule, samples in SAMPLES.items()
    }

    assert not [code for code, found in kinds.items() if found != {True, False}]


def test_every_condition_is_met_by_a_sample_that_the_rule_wins() -> None:
    unmet = {}
    for rule, samples in SAMPLES.items():
        met: set[Condition] = set()
        for sample in samples:
            if sample.must_match:
                examination = examine(sample.failure, CATALOGUE)
                observation, winner = examination.observation, examination.candidates[0]
                met |= {CATALOGUE.conditions[number] for number in observation.conditions()}
                met |= {told for told, _ in told_nearby(winner, observation, CATALOGUE)}
        asked = (*rule.all_of, *rule.any_of, *rule.also_of)
        unmet[rule.code] = [condition for condition in asked if condition not in met]

    shown_by_nothing = {code: some for code, some in unmet.items() if some}
    assert not shown_by_nothing, "nothing shows that they hold of what the software prints"


def test_samples_to_ignore_are_near_misses() -> None:
    far = [
        sample.id
        for rule, samples in SAMPLES.items()
        for sample in samples
        if not sample.must_match and not words(texts(sample)) & fixed_words(rule)
    ]

    assert not far, "they share no word with their rule"


def test_samples_say_where_they_come_from() -> None:
    assert not [sample.id for sample in ALL_SAMPLES if not sample.source]


def test_samples_hold_no_secret() -> None:
    assert not [sample.id for sample in ALL_SAMPLES if _SECRETS.search(texts(sample))]


def test_a_rule_refers_to_a_page() -> None:
    without = [
        rule.code
        for rule in RULES
        if not rule.references or not all(page.startswith("https://") for page in rule.references)
    ]

    assert not without


def test_names_in_a_summary_are_marked_as_code() -> None:
    unmarked = [
        (rule.code, summary)
        for rule in RULES
        for summary in rule.summary
        if set(re.findall(r"\$(\w+)", re.sub(r"`[^`]*`", "", summary))) & (NAMES - _AS_PROSE)
    ]

    assert not unmarked


def test_the_last_summary_needs_no_capture() -> None:
    assert not [rule.code for rule in RULES if "$" in rule.summary[-1].replace("$$", "")]


def test_sentences_end_and_remedies_are_more_than_a_word() -> None:
    assert not [rule.code for rule in RULES if not rule.summary[-1].endswith((".", ")"))]
    assert not [rule.code for rule in RULES if len(rule.remedy.split()) <= 3]


def test_only_a_rule_that_says_so_tells_people_to_rerun() -> None:
    telling = [
        (rule.code, rule.remedy)
        for rule in RULES
        if rule.rerun is not Rerun.LIKELY_TO_HELP
        and _TELLS_TO_RERUN.search(" ".join(rule.remedy.split()))
    ]

    assert not telling


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)
