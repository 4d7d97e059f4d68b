"""What holds in one failure: the conditions that are met, and where."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from jobmon.diagnosis import ErrorReport, TaskFailure
from rules.cause_conditions import by_status, conditions_met, words_met
from rules.codes import Sighting, codes_stated
from rules.http_status import statuses_stated
from rules.index import ConditionId
from rules.pattern import clipped
from rules.place import Place
from rules.rule import Field
from rules.ruleset import RuleSet
from rules.texts import Text, texts_of
from rules.wrapped_lines import sentences


@dataclass(frozen=True, slots=True)
class Observation:
    """Conditions that hold: on each cause, in the lines, and of the failure's codes."""

    failure: TaskFailure
    report: ErrorReport
    texts: tuple[Text, ...]
    causes: tuple[dict[ConditionId, Place], ...]
    lines: dict[ConditionId, tuple[Place, ...]]
    facts: dict[ConditionId, tuple[Place, ...]]
    """Conditions on codes and the task type; with places when a text states the code."""
    sightings: tuple[Sighting, ...]
    """Cluster codes that the texts state."""

    def text(self, field: str) -> Text | None:
        """Find a text by its name."""
        return next((text for text in self.texts if text.field == field), None)

    def quote(self, place: Place) -> str:
        """Return the line exactly as in the text."""
        text = self.text(place.field)
        return text.line(place.line) if text else ""

    def conditions(self) -> Iterator[ConditionId]:
        """All conditions that hold somewhere, repeated ones included."""
        yield from self.facts
        yield from self.lines
        for held in self.causes:
            yield from held


def observe(failure: TaskFailure, report: ErrorReport, ruleset: RuleSet) -> Observation:
    """Ask every condition but those on words, in a few passes over the texts."""
    texts = texts_of(failure)
    sightings = codes_stated(texts)
    by_field = {text.field: text for text in texts}
    return Observation(
        failure=failure,
        report=report,
        texts=texts,
        causes=tuple(
            conditions_met(cause, by_field.get(cause.field), ruleset) for cause in report.causes
        ),
        lines=lines_met(texts, ruleset),
        facts=_facts(failure, sightings, ruleset),
        sightings=sightings,
    )


def with_words(observation: Observation, ruleset: RuleSet) -> Observation:
    """Ask each cause, too, for words that any software uses."""
    asked = (
        held | words_met(cause, observation.text(cause.field), ruleset)
        for cause, held in zip(observation.report.causes, observation.causes, strict=True)
    )
    return replace(observation, causes=tuple(asked))


def lines_met(texts: tuple[Text, ...], ruleset: RuleSet) -> dict[ConditionId, tuple[Place, ...]]:
    """Return the conditions that lines of the texts meet, and which lines."""
    lines: dict[ConditionId, list[Place]] = {}
    for text in texts:
        for number, hits in ruleset.lines.holding(text.clipped, text.field).items():
            places = [Place(text.field, hit.line, hit.captures) for hit in hits]
            lines.setdefault(number, []).extend(places)
        for number, hit in by_status(statuses_stated(text.clipped), ruleset):
            lines.setdefault(number, []).append(Place(text.field, hit.line, hit.captures))
        for number, place in _over_lines(text, ruleset):
            lines.setdefault(number, [place])
    return {number: tuple(places) for number, places in lines.items()}


def _over_lines(text: Text, ruleset: RuleSet) -> Iterator[tuple[ConditionId, Place]]:
    """Ask the sentences that go on over several lines what is asked of a line."""
    begun = list(sentences(text.clipped.split("\n")))
    if not begun:
        return
    asked = ruleset.lines.holding(clipped(sentence for _, sentence in begun), text.field)
    for number, hits in asked.items():
        yield number, Place(text.field, begun[hits[0].line][0], hits[0].captures)


def _facts(
    failure: TaskFailure, sightings: tuple[Sighting, ...], ruleset: RuleSet
) -> dict[ConditionId, tuple[Place, ...]]:
    termination = failure.termination.code if failure.termination else ""
    known: list[tuple[Field, str, tuple[Place, ...]]] = [
        (Field.TERMINATION_CODE, termination, ()),
        (Field.TASK_TYPE, failure.task_type, ()),
        (Field.CLUSTER_CODE, failure.cluster_code, ()),
        *((Field.CLUSTER_CODE, seen.code, (Place(seen.field, seen.line),)) for seen in sightings),
    ]
    held: dict[ConditionId, tuple[Place, ...]] = {}
    for field, value, places in known:
        for number in ruleset.exact(field).holding((value,)) if value else ():
            held[number] = held.get(number, ()) + places
    return held
