"""The catalogue's patterns, and what else could look for all of them at once."""

import re

import re2

from rules.pattern import literal, multiline
from rules.rule import LINE_FIELDS, Operator
from rules.ruleset import RuleSet
from rules.vocabulary import written_out

FILTERED_TOGETHER = 350
"""With 400 RE2's filter forgets what it learnt every few hundred texts: three times the time."""
IGNORE_CASE = "(?i)"


def patterns_of(ruleset: RuleSet) -> list[str]:
    """Return the patterns that lines are asked for, as the standard library spells them."""
    found: list[str] = []
    for condition in ruleset.conditions:
        if condition.field in LINE_FIELDS:
            is_regex = condition.operator is Operator.REGEX
            found += map(written_out if is_regex else literal, condition.values)
    return [standard(pattern) for pattern in found]


def standard(pattern: str) -> str:
    """Spell a pattern without what only RE2 allows: names, and flags in the middle."""
    pattern = re.sub(r"\(\?P<\w+>", "(?:", pattern)
    before, flag, after = pattern.partition(IGNORE_CASE)
    if not flag:
        return pattern
    return f"{before}(?i:{after.replace(IGNORE_CASE, '')})"


def one_automaton(patterns: list[str]) -> "re2.Set":
    """All patterns in one set, with much more room for its states than RE2's default."""
    options = re2.Options()
    options.never_nl = True
    options.max_mem = 256 << 20
    automaton = re2.Set.SearchSet(options)
    for pattern in patterns:
        automaton.Add(multiline(pattern))
    automaton.Compile()
    return automaton


def filters_of(patterns: list[str]) -> list["re2.Filter"]:
    """RE2's own way to ask for literals first, in lots that its memory has room for."""
    options = re2.Options()
    options.never_nl = True
    filters = []
    for start in range(0, len(patterns), FILTERED_TOGETHER):
        one = re2.Filter()
        for pattern in patterns[start : start + FILTERED_TOGETHER]:
            one.Add(multiline(pattern), options)
        one.Compile()
        filters.append(one)
    return filters
