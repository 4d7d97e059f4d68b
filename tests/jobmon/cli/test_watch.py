"""`jobmon watch`: it follows a run through what passes."""

from unittest.mock import Mock

import pytest

from jobmon.cli import watch
from jobmon.errors import TransientError
from jobmon.run import Outcome, Run, RunId, WorkspaceId

RUNNING = Run(workspace_id=WorkspaceId(1), run_id=RunId(5))
ENDED = Run(workspace_id=WorkspaceId(1), run_id=RunId(5), outcome=Outcome.SUCCEEDED)
AWAY = TransientError("https://dbc.example.com had an error at run 5")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(watch, "sleep", sleep)
    monkeypatch.setattr(watch, "monotonic", lambda: now[0])
    return now


def followed(*answers: Run | Exception) -> Run:
    workspace = Mock(run=Mock(side_effect=answers))
    return watch.wait_until_ended(workspace, RunId(5), lambda _: None)


def test_a_run_is_followed_through_errors_that_pass() -> None:
    assert followed(RUNNING, AWAY, AWAY, RUNNING, AWAY, ENDED) is ENDED


def test_a_run_that_could_not_be_read_at_all_is_told_at_once(clock: list[float]) -> None:
    with pytest.raises(TransientError, match="had an error"):
        followed(AWAY, ENDED)

    assert clock == [0.0]


def test_databricks_that_stays_away_is_not_waited_for_without_end(clock: list[float]) -> None:
    with pytest.raises(TransientError, match="had an error"):
        followed(RUNNING, *[AWAY] * 1000)

    assert watch.LONGEST_SILENCE_SECONDS < clock[0] < 2 * watch.LONGEST_SILENCE_SECONDS
