"""Which conditions hold of one cause: of its type, its codes, its message, whose code raised it."""

from collections.abc import Iterable, Iterator

from jobmon.diagnosis import Cause, CauseKind
from rules.causes.frames import raising_frame
from rules.http_status import statuses_said
from rules.index import ConditionId, TextIndex
from rules.pattern import MAX_LINE, clipped
from rules.pattern_set import LineHit
from rules.place import Place
from rules.rule import Field
from rules.ruleset import RuleSet
from rules.statements import statements
from rules.texts import Text
from rules.wrapped_lines import sentences


def conditions_met(cause: Cause, text: Text | None, ruleset: RuleSet) -> dict[ConditionId, Place]:
    """Return all that a cause meets, but on words; `text` is the one it was read in."""
    held: dict[ConditionId, LineHit] = {}
    held |= ruleset.exact(Field.EXCEPTION).holding(_type_forms(cause.type))
    held |= ruleset.exact(Field.ERROR_CLASS).holding(_error_condition_forms(cause.error_condition))
    if cause.sqlstate:
        held |= ruleset.exact(Field.SQLSTATE).holding((cause.sqlstate,))
    held |= _raised(cause, ruleset)
    found = {number: Place(cause.field, cause.line, hit.captures) for number, hit in held.items()}
    message = _message_of(cause)
    found |= _said(cause, message, ruleset.messages, text)
    for number, hit in by_status(statuses_said(message), ruleset):
        place = Place(cause.field, _line_of(cause, message, hit, text), hit.captures)
        found.setdefault(number, place)
    return _beyond_the_clip(cause, message, text, ruleset) | found


def words_met(cause: Cause, text: Text | None, ruleset: RuleSet) -> dict[ConditionId, Place]:
    """Return the conditions on words of any software that a cause meets."""
    return _said(cause, statements(_message_of(cause)), ruleset.words, text)


def _message_of(cause: Cause) -> str:
    """Return what is asked of a cause's message: its lines, then its sentences of several lines."""
    lines = cause.message.split("\n")
    return clipped([*lines, *(sentence for _, sentence in sentences(lines))])


def _said(cause: Cause, said: str, index: TextIndex, text: Text | None) -> dict[ConditionId, Place]:
    return {
        number: Place(cause.field, _line_of(cause, said, hit, text), hit.captures)
        for number, hit in index.first_hits(said).items()
    }


def by_status(
    statuses: Iterable[tuple[str, LineHit]], ruleset: RuleSet
) -> Iterator[tuple[ConditionId, LineHit]]:
    """Yield the conditions on a status of HTTP that one of those said meets."""
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
