"""Which conditions hold for a value or a text, without asking each one."""

from collections.abc import Iterable, Sequence
from itertools import islice

from rules.pattern import LineHit, PatternSet, as_bytes, literal
from rules.rule import Condition, Field, Operator
from rules.vocabulary import written_out

ConditionId = int


class ExactIndex:
    """Conditions on a short value: exact ones are looked up, others matched at once."""

    def __init__(self, conditions: Iterable[tuple[ConditionId, Condition]]) -> None:
        self._by_value: dict[str, list[ConditionId]] = {}
        patterns: list[str] = []
        self._of_pattern: list[ConditionId] = []
        for number, condition in conditions:
            if condition.operator in {Operator.EQUALS, Operator.ONE_OF}:
                for value in condition.values:
                    self._by_value.setdefault(value, []).append(number)
            else:
                patterns.append(pattern_of(condition))
                self._of_pattern.append(number)
        self._patterns = PatternSet(patterns)

    def holding(self, values: Sequence[str]) -> dict[ConditionId, LineHit]:
        """Conditions that hold for one of the forms of a value; the first form counts first."""
        held: dict[ConditionId, LineHit] = {}
        for value in values:
            for number in self._by_value.get(value, ()):
                held.setdefault(number, LineHit(0))
        for index in self._patterns.matching(values[0]) if values else ():
            for hit in self._patterns.hits(index, values[0]):
                held.setdefault(self._of_pattern[index], hit)
        return held


class TextIndex:
    """Conditions on the lines of a text, all tried in one pass."""

    def __init__(self, conditions: Iterable[tuple[ConditionId, Condition]]) -> None:
        pairs = list(conditions)
        self._numbers = [number for number, _ in pairs]
        self._fields = [condition.field for _, condition in pairs]
        self.patterns = PatternSet([pattern_of(condition) for _, condition in pairs])

    def holding(self, text: str, field: str) -> dict[ConditionId, list[LineHit]]:
        """Conditions that a line of the text meets, with the lines; `field` is the text's name."""
        raw, held = as_bytes(text), {}
        for index in self.patterns.matching(raw):
            if self._fields[index] in {Field.LINE, field}:
                hits = list(self.patterns.hits(index, raw))
                if hits:
                    held[self._numbers[index]] = hits
        return held

    def first_hits(self, text: str) -> dict[ConditionId, LineHit]:
        """Conditions that a line of the text meets, whatever they look at, with the first line."""
        raw, held = as_bytes(text), {}
        for index in self.patterns.matching(raw):
            for hit in islice(self.patterns.hits(index, raw), 1):
                held[self._numbers[index]] = hit
        return held


def pattern_of(condition: Condition) -> str:
    """Return the regex that finds what the condition asks for in a line."""
    match condition.operator:
        case Operator.REGEX:
            return written_out(condition.values[0])
        case Operator.CONTAINS:
            return literal(condition.values[0])
        case _:
            whole = "|".join(literal(value) for value in condition.values)
            return rf"^[ \t]*(?:{whole})[ \t]*$"
