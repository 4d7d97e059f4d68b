"""Where a failure is told: pure, from the routes of the settings."""

from collections.abc import Iterable
from dataclasses import dataclass

from jobmon.conditions import Facts, takes
from jobmon.digest import DestinationKind
from jobmon.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """The destinations of a failure, whom to mention there, and which route said so."""

    destinations: tuple[str, ...]
    mentions: tuple[str, ...] = ()
    routes: tuple[int, ...] = ()
    """Positions in the settings' routes; empty when the defaults decided."""


def routed(settings: Settings, facts: Facts) -> Routed:
    """Say where a failure goes: the first matching route, or the defaults.

    A route with `also` lets later routes add theirs. There is always somewhere: the console at
    the last.
    """
    chosen: list[int] = []
    for number, route in enumerate(settings.routes):
        if takes(route, facts):
            chosen.append(number)
            if not route.also:
                break
    if not chosen:
        return Routed(destinations=default_destinations(settings))
    routes = [settings.routes[number] for number in chosen]
    return Routed(
        destinations=_unique(item for route in routes for item in route.destinations),
        mentions=_unique(item for route in routes for item in route.mentions),
        routes=tuple(chosen),
    )


def default_destinations(settings: Settings) -> tuple[str, ...]:
    """The Slack channel and the mail addresses of the environment, or the console."""
    destinations = []
    if settings.slack.channel:
        destinations.append(f"{DestinationKind.SLACK}:{settings.slack.channel}")
    if settings.email.recipients:
        destinations.append(f"{DestinationKind.EMAIL}:{','.join(settings.email.recipients)}")
    return tuple(destinations) or (f"{DestinationKind.CONSOLE}:",)


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
