"""What is wrong with settings although each of them can be read: what they need of one another."""

from collections.abc import Iterator

from jobmon.address import is_safe_to_call
from jobmon.settings import Settings


def faults_of_settings(settings: Settings) -> Iterator[str]:
    """Each fault, naming the key and what to do."""
    yield from _of_routes(settings)
    yield from _of_workspaces(settings)


def _of_routes(settings: Settings) -> Iterator[str]:
    """A destination needs the medium that it is in."""
    missing = {
        "slack": "" if settings.slack.bot_token else "SLACK_BOT_TOKEN",
        "email": "" if settings.email.smtp.host else "SMTP_URL and JOBMON_EMAIL_FROM",
    }
    for number, route in enumerate(settings.routes):
        for place in route.destinations:
            variable = missing.get(place.partition(":")[0])
            if variable:
                yield f"routes[{number}].to: {place} needs {variable}: set it, or take it out"


def _of_workspaces(settings: Settings) -> Iterator[str]:
    for item in settings.workspaces:
        if len(settings.workspaces) > 1 and not (item.host or item.profile):
            yield f"workspace {item.name}: of several workspaces each needs a host or a profile"
        if "://" in item.host and not is_safe_to_call(item.host):
            yield f"workspace {item.name}: host: expected an https:// address"
