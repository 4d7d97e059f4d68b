"""Databricks' ids as people and webhooks write them: 64-bit numbers, never cut."""

import re

MAX_ID = 2**63 - 1
_MAX_DIGITS = len(str(MAX_ID))
# …/jobs/1/runs/5?o=7, and the older …/?o=7#job/1/run/5; Slack writes <address> or <address|label>
_RUN_PAGE = re.compile(r"<?https?://[^<>|]*/runs?/([0-9]+)(?:[/?#][^<>|]*)?(?:\|[^<>]*)?>?")
_OF_WORKSPACE = re.compile(r"[?&]o=([0-9]+)")


def id_in(text: str) -> int | None:
    """The id that a text names by its digits; None for any other text, and for longer numbers."""
    if not (text.isascii() and text.isdecimal()) or len(text) > _MAX_DIGITS:
        return None
    number = int(text)
    return number if 0 < number <= MAX_ID else None


def run_named(text: str) -> str:
    """The number of the run whose page a text is the address of; any other text as it is."""
    page = _RUN_PAGE.fullmatch(text)
    return page[1] if page else text


def workspace_named(text: str) -> int | None:
    """The id of the workspace that the address of a run's page names; None where none does."""
    of = _OF_WORKSPACE.search(text) if _RUN_PAGE.fullmatch(text) else None
    return id_in(of[1]) if of else None
