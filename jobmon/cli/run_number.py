"""A run as people give it to a command: by its number, or by the address of its page."""

import re

import click

from jobmon.ids import id_in

# …/jobs/1/runs/5?o=7, and the older …/?o=7#job/1/run/5
PAGE = re.compile(r"https?://.*/runs?/(\d+)(?:[/?#].*)?")


class RunNumber(click.ParamType[int]):
    """Reads the number of a run, alone or in the address that a browser shows."""

    name = "run"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """The number; anything else ends the command, saying what to give."""
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
        return number


RUN_NUMBER = RunNumber()
