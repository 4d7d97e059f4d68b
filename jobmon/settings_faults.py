"""What is wrong with settings although each of them can be read: what they need of one another."""

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase

from jobmon.settings import Conditions, Settings


def faults_of_settings(settings: Settings, is_given: Callable[[str], bool]) -> Iterator[str]:
    """Each fault, naming the key and what to do.

    What could not be read of a variable that `is_given` is a fault already.
    """
    yield from _of_destinations(settings, is_given)
    for name, rows in settings.conditions.items():
        for number, row in enumerate(rows):
            for pattern in _unknown_workspaces(settings, row):
                known = ", ".join(item.name for item in settings.workspaces)
                yield f"{name}[{number}].workspaces: no workspace is {pattern!r}; there is: {known}"


def _of_destinations(settings: Settings, is_given: Callable[[str], bool]) -> Iterator[str]:
    """A destination needs the medium that it is in."""
    missing = {
        "slack": "" if is_given("SLACK_BOT_TOKEN") else "SLACK_BOT_TOKEN",
        "email": "" if is_given("SMTP_URL") else "SMTP_URL and JOBMON_EMAIL_FROM",
    }
    for number, route in enumerate(settings.routes):
        for place in route.destinations:
            variable = missing.get(place.partition(":")[0])
            if variable:
                yield f"routes[{number}].to: {place} needs {variable}: set it, or take it out"


def _unknown_workspaces(settings: Settings, row: Conditions) -> Iterator[str]:
    """Patterns that no workspace can match; an id that settings do not say may be any number."""
    names = [item.name for item in settings.workspaces]
    names += [str(item.workspace_id) for item in settings.workspaces if item.workspace_id]
    is_any_id = any(item.workspace_id is None for item in settings.workspaces)
    for pattern in row.workspaces:
        may_be_id = is_any_id and not any(char.isalpha() for char in pattern)
        if not may_be_id and not any(fnmatchcase(name, pattern) for name in names):
            yield pattern
