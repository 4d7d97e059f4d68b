"""What stands in front of an error's name and says how it hangs together with others."""

from rules.causes.draft import Link
from rules.causes.exception_names import split_header

_BRANCHES = ("├─▶ ", "╰─▶ ", "|-> ", "`-> ")
"""How uv draws what an error was caused by."""
_LEADS = (
    ("Caused by: ", Link.DEEPER),
    ("Suppressed: ", Link.SUPPRESSED),
    # Spark, when what ended a task is told below what clearing up after it met.
    ("Previous exception in task: ", Link.DEEPER),
    *((branch, Link.DEEPER) for branch in _BRANCHES),
)
_THREAD = "Exception in thread "


def split_lead(body: str) -> tuple[Link, str]:
    """Split `Caused by: `, Py4J's `: ` and the like off an error's name."""
    for words, link in _LEADS:
        if body.startswith(words):
            return link, body[len(words) :].strip()
    if body.startswith(": ") and split_header(body[2:].strip()) is not None:
        return Link.DEEPER, body[2:].strip()
    if body.startswith(_THREAD):
        end = body.find('" ', len(_THREAD) + 1)
        return Link.NEW, body[end + 2 :].strip() if end > 0 else body
    return Link.NEW, body


def is_branch(body: str) -> bool:
    """Tell a branch of a drawn tree of causes, which seldom begins with a type."""
    return body.startswith(_BRANCHES)
