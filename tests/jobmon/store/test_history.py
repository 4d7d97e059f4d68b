"""What was seen of runs and causes, in bounded memory."""

from datetime import datetime, timedelta

from jobmon.run import RunId, WorkspaceId
from jobmon.store import history
from jobmon.store.client import Client
from jobmon.store.redis_store import RedisStore
from tests.support.digests import (
    NOW,
    a_run,
)

WORKSPACE = WorkspaceId(42)


def sight(store: RedisStore, fingerprint: str, *, run: int, at: datetime = NOW) -> None:
    """See a cause in a run."""
    store.transact(
        [],
        lambda tx: store.record_sighting(
            tx,
            workspace_id=WORKSPACE,
            job_key="7",
            fingerprint=fingerprint,
            run_id=RunId(run),
            at=at,
        ),
    )


def test_a_cause_is_counted_once_for_each_run(store: RedisStore) -> None:
    for run in (1, 1, 2, 1, 2):
        sight(store, "f1", run=run)

    seen = store.sighting(workspace_id=WORKSPACE, job_key="7", fingerprint="f1")
    assert seen is not None
    assert (seen.runs, seen.first_seen, seen.last_seen) == (2, NOW, NOW)
    assert store.jobs_with("f1", since=NOW) == (("42", "7"),)
    assert not store.jobs_with("f1", since=NOW + timedelta(seconds=1))


def test_a_run_of_a_crowd_that_is_looked_at_again_is_not_counted_again(store: RedisStore) -> None:
    crowd = range(10**15, 10**15 + 200)
    for run in (*crowd, *crowd):
        sight(store, "f1", run=run)

    seen = store.sighting(workspace_id=WORKSPACE, job_key="7", fingerprint="f1")
    assert seen is not None
    assert seen.runs == len(crowd)


def test_a_run_whose_id_is_a_part_of_another_is_counted(store: RedisStore) -> None:
    for run in (12345, 234, 5, 1):
        sight(store, "f1", run=run)

    seen = store.sighting(workspace_id=WORKSPACE, job_key="7", fingerprint="f1")
    assert seen is not None
    assert seen.runs == 4


def test_of_very_many_runs_the_latest_are_remembered(store: RedisStore, client: Client) -> None:
    for run in range(10**15, 10**15 + 300):
        sight(store, "f1", run=run)

    kept = client.hget("jobmon:cause:42:7:f1", "last_runs")
    assert kept is not None
    assert len(kept) <= history.RUN_IDS_KEPT
    assert {len(run_id) for run_id in kept.split()} == {16}


def test_of_very_many_causes_the_latest_are_kept(store: RedisStore, client: Client) -> None:
    most = history.CAUSES_KEPT
    for number in range(most + 20):
        sight(store, f"f{number}", run=number, at=NOW + timedelta(seconds=number))

    assert store.sighting(workspace_id=WORKSPACE, job_key="7", fingerprint="f0") is None
    assert client.zcard("jobmon:causes:42:7") == most
    assert len(list(client.scan_iter("jobmon:cause:*", count=1000))) == most


def test_cures_are_counted_by_how(store: RedisStore) -> None:
    sight(store, "f1", run=1)
    for how in ("repair", "repair", "next run"):
        store.transact(
            [],
            lambda tx, how=how: store.record_cure(  # type: ignore[misc]
                tx, workspace_id=WORKSPACE, job_key="7", fingerprint="f1", how=how
            ),
        )

    seen = store.sighting(workspace_id=WORKSPACE, job_key="7", fingerprint="f1")
    assert seen is not None
    assert seen.cured_by == (("next run", 1), ("repair", 2))


def test_a_run_is_known_by_its_attempts(store: RedisStore) -> None:
    run = a_run()
    store.transact([], lambda tx: store.remember_run(tx, run))

    assert store.knows_run(run.workspace_id, run.run_id, run.attempts_key)
    assert not store.knows_run(run.workspace_id, run.run_id, "another attempt")
    assert store.seen_end(run.workspace_id, run.run_id) == run.ended_at
    assert store.job_of(run.workspace_id, run.run_id) == run.job_id


def test_a_run_that_nobody_looked_at_is_unknown(store: RedisStore) -> None:
    assert not store.knows_run(WORKSPACE, RunId(1), "any attempt")
    assert store.seen_end(WORKSPACE, RunId(1)) is None
    assert store.job_of(WORKSPACE, RunId(1)) is None
