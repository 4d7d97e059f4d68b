"""What holds in one failure: the conditions that are met, and where."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jobmon.diagnosis import Cause, CauseKind, ErrorReport, TaskFailure
from rules.causes.frames import raising_frame
from rules.codes import Sighting, codes_stated
from rules.http_status import statuses_said, statuses_stated
from rules.index import ConditionId
from rules.pattern import MAX_LINE, clipped
from rules.pattern_set import LineHit
from rules.place import Place
from rules.rule import Field
from rules.ruleset import RuleSet
from rules.statements import statements
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
    """Ask every condition of every rule, in a few passes over the texts."""
    texts = texts_of(failure)
    lines: dict[ConditionId, list[Place]] = {}
    for text in texts:
        for number, hits in ruleset.lines.holding(text.clipped, text.field).items():
            places = [Place(text.field, hit.line, hit.captures) for hit in hits]
            lines.setdefault(number, []).extend(places)
        for number, hit in _by_status(statuses_stated(text.clipped), ruleset):
            lines.setdefault(number, []).append(Place(text.field, hit.line, hit.captures))
        for number, place in _over_lines(text, ruleset):
            lines.setdefault(number, [place])
    sightings = codes_stated(texts)
    by_field = {text.field: text for text in texts}
    return Observation(
        failure=failure,
        report=report,
        texts=texts,
        causes=tuple(_about(cause, by_field, ruleset) for cause in report.causes),
        lines={number: tuple(places) for number, places in lines.items()},
        facts=_facts(failure, sightings, ruleset),
        sightings=sightings,
    )


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


def _about(cause: Cause, texts: dict[str, Text], ruleset: RuleSet) -> dict[ConditionId, Place]:
    held: dict[ConditionId, LineHit] = {}
    held |= ruleset.exact(Field.EXCEPTION).holding(_type_forms(cause.type))
    held |= ruleset.exact(Field.ERROR_CLASS).holding(_error_condition_forms(cause.error_condition))
    if cause.sqlstate:
        held |= ruleset.exact(Field.SQLSTATE).holding((cause.sqlstate,))
    held |= _raised(cause, ruleset)
    found = {number: Place(cause.field, cause.line, hit.captures) for number, hit in held.items()}
    text = texts.get(cause.field)
    lines = cause.message.split("\n")
    message = clipped([*lines, *(sentence for _, sentence in sentences(lines))])
    for said, index in ((message, ruleset.messages), (statements(message), ruleset.words)):
        for number, hit in index.first_hits(said).items():
            found[number] = Place(cause.field, _line_of(cause, said, hit, text), hit.captures)
    for number, hit in _by_status(statuses_said(message), ruleset):
        place = Place(cause.field, _line_of(cause, message, hit, text), hit.captures)
        found.setdefault(number, place)
    return _beyond_the_clip(cause, message, text, ruleset) | found


def _by_status(
    statuses: Iterable[tuple[str, LineHit]], ruleset: RuleSet
) -> Iterator[tuple[ConditionId, LineHit]]:
    for status, hit in statuses:
        for number in ruleset.exact(Field.HTTP_STATUS).holding((status,)):
            yield number, hit


def _raised(cause: Cause, ruleset: RuleSet) -> dict[ConditionId, LineHit]:
    """Ask whose code raised it, and at which method: `package.Class.method`, `file.py:function`."""
    jvm = cause.kind is CauseKind.JAVA
    frame = raising_frame(cause.frames, jvm=jvm)
    if frame is None:
        return {}
    owner = "user" if frame.user_code else "library"
    place = frame.function if jvm else f"{frame.file}:{frame.function}"
    in_code = ruleset.exact(Field.RAISED_IN).holding((owner,))
    return in_code | ruleset.exact(Field.RAISED_AT).holding((place,))


def _beyond_the_clip(
    cause: Cause, message: str, text: Text | None, ruleset: RuleSet
) -> dict[ConditionId, Place]:
    """Ask a cause's own text what is asked of lines, where its line was too long to be read."""
    if text is None or len(text.line(cause.line)) <= MAX_LINE:
        return {}
    asked = ruleset.lines.holding(f"{cause.type}: {message}", cause.field)
    return {
        number: Place(cause.field, cause.line, hits[0].captures) for number, hits in asked.items()
    }


def _line_of(cause: Cause, message: str, hit: LineHit, text: Text | None) -> int:
    """Find the text's line that holds the message's line: usually as far below the first."""
    if text is None or hit.line == 0:
        return cause.line
    wanted = message.split("\n")[hit.line].strip()
    likely = cause.line + hit.line
    within = (likely, *range(cause.line, cause.end_line + 1))
    found = (number for number in within if wanted and wanted in text.line(number))
    return next(found, cause.line)


def _type_forms(name: str) -> tuple[str, ...]:
    """`a.b.C` may be asked for as such or as `C`."""
    if not name:
        return ()
    last = name.rsplit(".", 1)[-1]
    return (name,) if last == name else (name, last)


def _error_condition_forms(name: str) -> tuple[str, ...]:
    """`MAIN.SUB` may be asked for as such or as `MAIN`."""
    if not name:
        return ()
    main = name.split(".", 1)[0]
    return (name,) if main == name else (name, main)
