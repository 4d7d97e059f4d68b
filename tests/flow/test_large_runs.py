"""A run with very many failed tasks is told early, read bit by bit, and keeps nobody waiting."""

from collections import Counter
from datetime import timedelta

import pytest

from jobmon.demo.workspace import ApiError, PretendRun
from jobmon.ports.queue import Urgency
from jobmon.queue.mailboxes import RqJobQueue
from tests.flow.conftest import CHANNEL, World
from tests.flow.jobs import METASTORE, MODULE, a_failed_run
from tests.flow.slow_rate import slow_down
from tests.flow.telling import messages

OUTPUT = "/jobs/runs/get-output"
MANY = 20
SECRET = "dapi" + "0123456789abcdef" * 2


@pytest.fixture
def slow(world: World) -> World:
    """A world where no look at a large run reads all of it."""
    slow_down(world.services)
    return world


def large(world: World, job: int = 7) -> PretendRun:
    """A run with many failed tasks, each with a cause of its own, is announced."""
    causes = [f"ValueError: part {'abcdefghijklmnopqrstuvwxyz'[n] * 6} broke" for n in range(MANY)]
    run = world.workspace.add(a_failed_run(job, 0, *causes))
    world.fails(run.run_id)
    return run


def soon(world: World) -> None:
    """Let the workers work that people wait for, and nobody else."""
    world.worker(Urgency.SOON).work(burst=True, logging_level="ERROR")


def reads(world: World) -> Counter[str]:
    """How often each output was asked for."""
    return Counter(str(call.parameters["run_id"]) for call in world.workspace.calls_to(OUTPUT))


def test_its_first_message_says_what_is_known_and_that_more_is_being_read(slow: World) -> None:
    large(slow)
    soon(slow)

    (message,) = messages(slow)
    assert "still being read" in str(message.blocks)
    assert 0 < len(reads(slow)) < MANY


def test_the_rest_is_left_to_the_bulk_workers(slow: World) -> None:
    large(slow)
    soon(slow)
    before = reads(slow)
    slow.pass_time()
    soon(slow)

    assert reads(slow) == before
    assert slow.client.llen("rq:queue:jobmon-bulk")


def test_a_small_failure_and_its_message_do_not_wait_for_it(slow: World) -> None:
    large(slow)
    soon(slow)
    slow.fails(slow.workspace.add(a_failed_run(8, 0, MODULE)).run_id)
    soon(slow)

    assert "holidays" in str(messages(slow)[1].blocks)


def test_it_is_completed_in_the_end_and_each_output_is_read_once(slow: World) -> None:
    large(slow)
    slow.work()

    (message,) = messages(slow)
    assert "still being read" not in str(message.blocks)
    assert len(reads(slow)) == MANY
    assert set(reads(slow).values()) == {1}
    incident = slow.services.store.incidents()[0]
    assert len(incident.causes) == MANY
    assert incident.failure_count == 1
    assert slow.client.zcard("jobmon:wake") == 0


def test_several_of_them_are_read_by_turns(slow: World) -> None:
    runs = [large(slow, job) for job in (7, 8, 9)]
    slow.work()

    assert len(messages(slow)) == len(runs)
    assert not any("still being read" in str(message.blocks) for message in messages(slow))
    assert sum(reads(slow).values()) == MANY * len(runs)


def test_whoever_takes_over_from_a_killed_worker_goes_on_from_what_is_kept(slow: World) -> None:
    large(slow)
    soon(slow)
    before = reads(slow)
    key = next(slow.client.scan_iter("jobmon:box:diagnose:*")).decode().removeprefix("jobmon:box:")
    slow.client.hset(f"jobmon:box:{key}", mapping={"state": "leased", "token": "x", "until": 1})
    slow.work()

    assert before <= reads(slow)
    assert set(reads(slow).values()) == {1}
    assert "still being read" not in str(messages(slow)[0].blocks)


def test_a_look_that_got_on_is_no_failed_try(slow: World) -> None:
    large(slow)
    soon(slow)
    (box,) = slow.client.scan_iter("jobmon:box:diagnose:*")

    assert slow.client.hget(box, "attempt") is None


def test_outputs_that_cannot_be_read_do_not_keep_the_others_from_being_read(slow: World) -> None:
    run = large(slow)
    broken = [task["run_id"] for task in run.run["tasks"][: MANY - 4]]
    outputs = slow.workspace.content.outputs
    whole = {task: outputs[task] for task in broken}
    outputs.update(dict.fromkeys(broken, ApiError(500, "INTERNAL_ERROR", "Made up.")))
    slow.work()
    assert len(slow.services.store.incidents()[0].causes) == 4
    assert "still being read" in str(messages(slow)[0].blocks)

    outputs.update(whole)
    slow.pass_time()
    slow.work()

    assert "still being read" not in str(messages(slow)[0].blocks)
    assert len(slow.services.store.incidents()[0].causes) == MANY
    assert not RqJobQueue(slow.client).dead_letters()


def test_what_is_kept_is_small_holds_no_text_of_a_task_and_ends(slow: World) -> None:
    errors = [f"{METASTORE}\npassword={SECRET}\n{'x' * 5000}"] * MANY
    slow.fails(slow.workspace.add(a_failed_run(7, 0, *errors)).run_id)
    soon(slow)
    (name,) = slow.client.scan_iter("jobmon:note:kept-*")
    kept = slow.client.get(name)

    assert kept is not None
    assert SECRET.encode() not in kept
    assert len(kept) < MANY * 1000
    assert 0 < slow.client.pttl(name) <= timedelta(hours=1) / timedelta(milliseconds=1)

    slow.work()

    assert not slow.client.exists(name)


def test_the_full_errors_of_its_causes_are_in_its_thread(slow: World) -> None:
    large(slow)
    slow.work()

    (message,) = messages(slow)
    texts = [note.text for note in slow.slack.thread(message.ts)]
    assert any("full error" in text for text in texts)
    assert slow.slack.messages(CHANNEL) == (message,)
