"""Lines that belong to no exception: error conditions, log lines, what tools and platforms say."""

import re2

from jobmon.diagnosis import CauseKind
from rules.causes import phrases, signals
from rules.causes.bodies import error_bodies
from rules.causes.draft import Draft
from rules.causes.error_conditions import error_condition_in
from rules.causes.exception_names import inline_types
from rules.causes.prefixes import Level, Peeled

_HEADINGS = (
    "Database Error",
    "Runtime Error",
    "Compilation Error",
    "Dependency Error",
    "Parsing Error",
    "Validation Error",
    "Internal Error",
    "Catalog Error",
    "Failure in ",
)
# Snowflake puts what is wrong on the line below.
_COMPILATION = re2.compile(r"SQL compilation error:(?: error line \d+ at position \d+)?$")
# Go, of errors that were collected, one below another: Terraform and more of HashiCorp's.
_COLLECTED = re2.compile(r"^\d+ (?:error\(s\)|errors?) occurred(?: while [\w ]{1,60})?:$")
# dbt, of an error that another one was made of.
_NESTED = re2.compile(
    r": (?:Runtime|Compilation|Dependency|Parsing|Validation|Database|Internal) Error$"
)
_OF_R = ("Error in ", "Caused by error in ")
# Where the head of a stack was cut off, its source stands alone: what it raised is said below.
RAISES = re2.compile(r"^raise \w[\w.]*\(.")
_DBT = re2.compile(r"^in (?:test|model|snapshot|seed|unit_test) \w+ \([\w./-]+\)$")


def heads_message(body: str) -> bool:
    """Tell a heading after which a tool prints its message, as dbt does."""
    if body == "Encountered an error:":
        return True
    body = body.removeprefix("Encountered an error while running operation: ")
    if not body.startswith(_HEADINGS):
        # The last one is R's.
        return (
            _COMPILATION.search(body) is not None
            or phrases.TASK_OF_TENSORFLOW.search(body) is not None
            or _COLLECTED.match(body) is not None
            or _DBT.match(body) is not None
            or (body.endswith(" Error") and _NESTED.search(body) is not None)
            or (body.startswith(_OF_R) and body.endswith((" :", "):", "`:")))
        )
    _, _, rest = body.partition("Failure" if body.startswith("Failure") else " Error")
    return not rest or (rest.startswith(" in ") and "): " not in rest)


def plain_cause(number: int, peeled: Peeled, *, told: bool) -> tuple[Draft | None, str]:
    """Make a cause of a line that tells something; `told` when its neighbour says it does."""
    body = peeled.body
    level = min(peeled.level, Level.WARN) if RAISES.match(body) is not None else peeled.level
    error_condition, start, _ = error_condition_in(body)
    if error_condition and (start == 0 or level >= Level.NONE):
        draft = Draft(kind=CauseKind.ERROR_CONDITION, type="", line=number, level=level)
        draft.error_condition = error_condition
        return draft, body
    if not (told or _is_telling(body, level)):
        return None, ""
    draft = Draft(kind=CauseKind.LINE, type="", line=number, level=level)
    draft.announced = told and not heads_message(body)
    return draft, body


def _is_telling(body: str, level: Level) -> bool:
    if level is Level.ERROR or signals.SIGNAL.search(body) is not None:
        return True
    if signals.ENDED.search(body) is not None:
        return True
    if next(inline_types(body), None) is not None or next(error_bodies(body), None) is not None:
        return True
    return level > Level.INFO and signals.ERROR_WORD.search(body) is not None
