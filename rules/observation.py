"""What holds in one failure: the conditions that are met, and where."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

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

MIN_WIDTH, MAX_WIDTH = 40, 140
"""How long lines are that a terminal or a mail wrapped."""
MAX_WRAPPED = 12


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
    held |= ruleset.exact(Field.ERROR_CLASS).holding(_condition_forms(cause.condition))
    if cause.sqlstate:
        held |= ruleset.exact(Field.SQLSTATE).holding((cause.sqlstate,))
    held |= _raised(cause, ruleset)
    found = {number: Place(cause.field, cause.line, hit.captures) for number, hit in held.items()}
    message = clipped(unwrapped(cause.message.split("\n")))
    for said, index in ((message, ruleset.messages), (statements(message), ruleset.words)):
        for number, hit in index.first_hits(said).items():
            line = _line_of(cause, said, hit, texts.get(cause.field))
            found[number] = Place(cause.field, line, hit.captures)
    for number, hit in _by_status(statuses_said(message), ruleset):
        line = _line_of(cause, message, hit, texts.get(cause.field))
        found.setdefault(number, Place(cause.field, line, hit.captures))
    return _beyond_the_clip(cause, message, texts.get(cause.field), ruleset) | found


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


def unwrapped(lines: list[str]) -> list[str]:
    """Add to lines that were wrapped at a width the sentence that they were."""
    whole = lines[0]
    for before, line in pairwise(lines[:MAX_WRAPPED]):
        if not (MIN_WIDTH <= len(before) <= MAX_WIDTH and line[:1].islower()):
            break
        whole = f"{whole} {line}"
    return lines if whole == lines[0] else [*lines, whole]


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


def _condition_forms(name: str) -> tuple[str, ...]:
    """`MAIN.SUB` may be asked for as such or as `MAIN`."""
    if not name:
        return ()
    main = name.split(".", 1)[0]
    return (name,) if main == name else (name, main)
