"""Where a failure is told: pure, from the routes of the settings."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from jobmon.cause_group import RunDiagnosis
from jobmon.digest import DestinationKind
from jobmon.run import Run
from jobmon.settings import Route, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """The destinations of a failure, whom to mention there, and which route said so."""

    destinations: tuple[str, ...]
    mentions: tuple[str, ...] = ()
    routes: tuple[int, ...] = ()
    """Positions in the settings' routes; empty when the defaults decided."""


def routed(settings: Settings, run: Run, diagnosis: RunDiagnosis) -> Routed:
    """Say where a failure of this run goes: the first matching route, or the defaults.

    A route with `also` lets later routes add theirs. There is always somewhere: the console at
    the last.
    """
    chosen: list[int] = []
    for number, route in enumerate(settings.routes):
        if matches(route, settings, run, diagnosis):
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


def matches(route: Route, settings: Settings, run: Run, diagnosis: RunDiagnosis) -> bool:
    """Whether all conditions of a route hold; one that is not given always does."""
    names = [
        item.name for item in settings.workspaces if item.workspace_id in (None, run.workspace_id)
    ]
    tags = [f"{key}={value}" for key, value in run.tags] + [key for key, _ in run.tags]
    owners = [value for key, value in run.tags if key in {"owner", "team"}] + [run.creator]
    categories = [group.diagnosis.category.value for group in diagnosis.groups]
    return (
        _any_matches(route.workspaces, [*names, str(run.workspace_id)])
        and _any_matches(route.jobs, [run.job_name, str(run.job_id or "")])
        and _any_matches(route.tags, tags)
        and _any_matches(route.owners, owners)
        and _any_matches(route.categories, categories)
    )


def _any_matches(patterns: tuple[str, ...], values: list[str]) -> bool:
    if not patterns:
        return True
    return any(fnmatchcase(value, pattern) for pattern in patterns for value in values)


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
