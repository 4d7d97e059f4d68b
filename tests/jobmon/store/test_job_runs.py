"""How many runs a job had, with which code, and which was good last."""

from datetime import timedelta

from jobmon.run import Outcome, Run
from jobmon.store import job_runs
from jobmon.store.client import Client
from jobmon.store.redis_store import RedisStore
from tests.support.runs import a_run, a_success, at


def remember(store: RedisStore, run: Run, *, good: bool = False) -> None:
    began = run.started_at or at()
    store.transact([], lambda tx: store.record_job_run(tx, run, "7", good=good, at=began))


def test_a_commit_was_deployed_when_the_first_run_with_it_began(store: RedisStore) -> None:
    run = a_run(1, started=at(0), git_commit="new")
    for minutes in (30, 10, 20):
        remember(store, a_run(minutes, started=at(minutes), git_commit="new"))

    found = store.code(run.workspace_id, "7", "new")

    assert (found.first_run, found.last_good) == (at(10), "")


def test_the_good_run_that_began_last_says_which_code_was_good(store: RedisStore) -> None:
    run = a_success(2, started=at(20), git_commit="b")
    remember(store, run, good=True)
    remember(store, a_success(1, started=at(10), git_commit="a"), good=True)
    remember(store, a_run(3, started=at(30), git_commit="c"))

    assert store.code(run.workspace_id, "7", "c").last_good == "b"


def test_a_run_is_counted_once_and_only_since_when_it_is_asked(store: RedisStore) -> None:
    for number in (1, 2, 2, 3):
        remember(store, a_run(number, started=at(number)))

    assert store.other_runs(a_run(9), "7", since=at(0)) == 3
    assert store.other_runs(a_run(9), "7", since=at(2)) == 2
    assert store.other_runs(a_run(3), "7", since=at(2)) == 1
    assert store.last_good(a_run(1).workspace_id, "7") is None


def test_the_last_good_run_is_the_one_that_began_last(store: RedisStore) -> None:
    for minutes in (20, 10):
        run = a_success(minutes, started=at(minutes), ended_at=at(minutes + 5), git_commit="a")
        remember(store, run, good=True)

    good = store.last_good(a_run(1).workspace_id, "7")

    assert good is not None
    assert (good.run_id, good.started_at, good.ended_at) == (20, at(20), at(25))
    assert (good.outcome, good.git_commit) == (Outcome.SUCCEEDED, "a")


def test_of_very_many_commits_the_latest_are_kept(store: RedisStore, client: Client) -> None:
    for number in range(job_runs.COMMITS_KEPT + 10):
        remember(store, a_run(1, started=at(number), git_commit=f"c{number}"))

    assert client.zcard("jobmon:commits:1:7") == job_runs.COMMITS_KEPT
    assert client.ttl("jobmon:commits:1:7") > timedelta(days=89).total_seconds()
