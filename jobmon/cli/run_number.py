"""A run as people give it to a command: by its number, or by the address of its page."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

import click

from jobmon.ids import id_in
from jobmon.run import RunId

# …/jobs/1/runs/5?o=7, and the older …/?o=7#job/1/run/5
PAGE = re.compile(r"https?://[^/]+/(?:.*/)?runs?/(\d+)(?:[/?#].*)?")
_OF = re.compile(r"[?&]o=(\d+)")


class GivenRun(NamedTuple):
    """The number of a run; where its page was given also whose page that is."""

    run_id: RunId
    host: str = ""
    workspace_id: int | None = None


class RunNumber(click.ParamType[GivenRun]):
    """Reads the number of a run, alone or in the address that a browser shows."""

    name = "run"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> GivenRun:
        """The run; anything else ends the command, saying what to give."""
        said = str(value).strip()
        page = PAGE.fullmatch(said)
        number = id_in(page[1] if page else said)
        if number is None:
            self.fail(
                f"{said[:80]!r} is no run: give its number, or the address of its page "
                "(https://…/jobs/1/runs/5)",
                param,
                ctx,
            )
        if page is None:
            return GivenRun(RunId(number))
        of = _OF.search(said)
        return GivenRun(RunId(number), urlsplit(said).netloc.lower(), id_in(of[1]) if of else None)


RUN_NUMBER = RunNumber()
