"""Where a failure is told."""

from dataclasses import replace

import pytest

from jobmon.cause_group import RunDiagnosis
from jobmon.conditions import facts_of
from jobmon.settings import (
    EmailSettings,
    Route,
    Settings,
    SlackSettings,
    WorkspaceSettings,
)
from jobmon.severity import Severity
from tests.support.runs import a_diagnosis, a_run
from workers.route import routed

RUN = a_run(
    1, tags=(("team", "growth"), ("tier", "gold"), ("critical", "")), creator="ana@example.com"
)
CAUSE = a_diagnosis("oom")
FACTS = facts_of(Settings(), RUN, CAUSE)


def destinations(*routes: Route, diagnosis: RunDiagnosis = CAUSE) -> tuple[str, ...]:
    settings = Settings(
        routes=routes,
        slack=SlackSettings(channel="C0DEFAULT"),
        workspaces=(WorkspaceSettings(name="prod", workspace_id=1),),
    )
    return routed(settings, facts_of(settings, RUN, diagnosis)).destinations


def to(place: str, **conditions: object) -> Route:
    return replace(Route(destinations=(place,)), **conditions)  # type: ignore[arg-type]


def test_with_nothing_configured_it_goes_to_the_console() -> None:
    assert routed(Settings(), FACTS).destinations == ("console:",)


def test_without_routes_it_goes_to_slack_and_mail() -> None:
    settings = Settings(
        slack=SlackSettings(channel="C0DEFAULT"), email=EmailSettings(recipients=("a@x", "b@x"))
    )

    assert routed(settings, FACTS).destinations == ("slack:C0DEFAULT", "email:a@x,b@x")


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"jobs": ("night*",)},
        {"jobs": ("7",)},
        {"workspaces": ("prod",)},
        {"workspaces": ("1",)},
        {"tags": ("team=growth",)},
        {"tags": ("team=*",)},
        {"tags": ("critical",)},
        {"owners": ("growth",)},
        {"owners": ("ana@*",)},
        {"categories": ("unknown",)},
        {"jobs": ("nightly",), "tags": ("critical",)},
        {"severities": (Severity.WARNING,)},
        {"severities": (Severity.CRITICAL, Severity.WARNING), "owners": ("growth",)},
    ],
    ids=str,
)
def test_a_route_takes_what_all_its_conditions_match(conditions: dict[str, object]) -> None:
    assert destinations(to("slack:C1", **conditions)) == ("slack:C1",)


@pytest.mark.parametrize(
    "conditions",
    [
        {"jobs": ("daily*",)},
        {"workspaces": ("dev",)},
        {"tags": ("team=ops",)},
        {"owners": ("bo@*",)},
        {"owners": ("gold",)},
        {"categories": ("timeout",)},
        {"jobs": ("nightly",), "tags": ("team=ops",)},
        {"severities": (Severity.CRITICAL,)},
        {"severities": (Severity.WARNING,), "owners": ("bo@*",)},
    ],
    ids=str,
)
def test_what_no_route_takes_goes_to_the_defaults(conditions: dict[str, object]) -> None:
    assert destinations(to("slack:C1", **conditions)) == ("slack:C0DEFAULT",)


def test_the_first_matching_route_decides() -> None:
    assert destinations(to("slack:C1"), to("slack:C2")) == ("slack:C1",)


def test_a_route_with_also_lets_later_ones_add_theirs() -> None:
    assert destinations(to("slack:C1", also=True), to("slack:C2"), to("slack:C3")) == (
        "slack:C1",
        "slack:C2",
    )


def test_mentions_come_with_the_route_and_it_is_said_which_decided() -> None:
    settings = Settings(routes=(to("slack:C1", jobs=("x",)), to("slack:C2", mentions=("U1",))))

    result = routed(settings, FACTS)

    assert (result.mentions, result.routes) == (("U1",), (1,))
