"""What is said of a run, job, incident or cause that is not there, and what can be done. Pure."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from jobmon.errors import NotFound
from notifiers.text import listed, one_line, shorten

MAX_NAME = 100
SEE_OPEN = "`/jobmon incidents` lists what is open."


def unknown_run(
    number: str, hosts: Sequence[str], *, or_job: bool = False, command: str = "/jobmon runs"
) -> NotFound:
    """No workspace has a run, or a job, with this number."""
    what = f"no run and no job {number}" if or_job else f"no run {number}"
    return NotFound(
        f"There is {what} in {_places(hosts)}. It may be of another workspace, or deleted: "
        f"Databricks keeps runs for 60 days. `{command}` lists the newest."
    )


def unknown_job(
    name: str, hosts: Sequence[str], *, known: Iterable[str] = (), command: str = "/jobmon runs"
) -> NotFound:
    """No workspace has a job with this name or id."""
    return NotFound(
        f"There is no job with the name or id {_quoted(name)} in {_places(hosts)}. "
        f"{_near(name, known) or 'Names count to the letter, capitals too.'} "
        f"`{command}` lists the newest runs of all jobs."
    )


def no_number(text: str) -> NotFound:
    """A run is named by its number."""
    return NotFound(
        f"{_quoted(text)} is no number of a run: `/jobmon runs` lists the newest with theirs."
    )


def unknown_incident(incident_id: str) -> NotFound:
    """No incident, open or past, has this id."""
    return NotFound(
        f"No incident {_quoted(incident_id)} is remembered: what is over is forgotten after 90 "
        f"days. {SEE_OPEN}"
    )


def not_open(name: str, *, known: Iterable[str] = ()) -> NotFound:
    """Nothing that is open belongs to a job or run of this name or number."""
    gone = "It may have recovered already, or be of a workspace that jobmon does not read."
    why = _near(name, known) or gone
    return NotFound(f"Nothing is open of a job or run {_quoted(name)}. {why} {SEE_OPEN}")


def nothing_here(what: str) -> NotFound:
    """Nothing was named, and nothing in the channel can be meant."""
    return NotFound(f"{what} in this channel: name a job, a run or an incident. {SEE_OPEN}")


def unknown_cause(cause_id: str) -> NotFound:
    """No cause with this id is muted."""
    return NotFound(f"No cause {_quoted(cause_id)} is muted: `/jobmon mutes` lists what is.")


def _places(hosts: Sequence[str]) -> str:
    if len(hosts) == 1:
        return f"workspace {hosts[0]}"
    return f"any of {listed(tuple(hosts), total=len(hosts))}"


def _near(name: str, known: Iterable[str]) -> str:
    names = {item.casefold(): item for item in known}
    near = get_close_matches(name.casefold(), names, n=1)
    return f"Did you mean {_quoted(names[near[0]])}?" if near else ""


def _quoted(name: str) -> str:
    return f"`{shorten(one_line(name).replace('`', chr(39)), MAX_NAME)}`"
