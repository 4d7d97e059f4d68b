"""A run as people give it to a command: by its number, or by the address of its page."""

from typing import NamedTuple
from urllib.parse import urlsplit

import click

from jobmon.ids import id_in, run_named, workspace_named
from jobmon.run import RunId


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
        number = id_in(run_named(said))
        if number is None:
            self.fail(
                f"{said[:80]!r} is no run: give its number, or the address of its page "
                "(https://…/jobs/1/runs/5)",
                param,
                ctx,
            )
        host = urlsplit(said).netloc.lower()
        return GivenRun(RunId(number), host, workspace_named(said))


RUN_NUMBER = RunNumber()
