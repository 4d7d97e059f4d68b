"""Which conditions hold for a value or a text, without asking each one."""

from collections.abc import Iterable, Sequence

from rules.pattern import literal
from rules.pattern_set import LineHit, PatternSet
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
        if values:
            for index, hits in self._patterns.hits(values[0], most=1).items():
                held.setdefault(self._of_pattern[index], hits[0])
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
        return {
            self._numbers[index]: hits
            for index, hits in self.patterns.hits(text).items()
            if self._fields[index] in {Field.LINE, field}
        }

    def first_hits(self, text: str) -> dict[ConditionId, LineHit]:
        """Conditions that a line of the text meets, whatever they look at, with the first line."""
        found = self.patterns.hits(text, most=1)
        return {self._numbers[index]: hits[0] for index, hits in found.items()}


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
