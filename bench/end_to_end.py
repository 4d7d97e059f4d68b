"""From the webhook to the message in Slack, beside the loop that people use today.

    python -m bench.end_to_end [--tasks 1 25 130 1000] [--rounds 5]

jobmon runs as `jobmon up` starts it, between a pretend workspace that takes 100 ms for each call
and refuses more get-output calls than 20 a second with a burst of 20, and a pretend Slack that
takes 200 ms. The floor is what these leave open: the pages of runs/get one after the other, the
outputs as fast as the limit lets them through, one post. The loop is curl, one task after the
other, in the same run against the same servers; it is left out above 200 tasks, where it takes
minutes.
"""

import argparse
import json
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from math import ceil
from pathlib import Path
from time import monotonic, sleep
from urllib.error import HTTPError
from urllib.request import urlopen

from bench.measure import machine, table
from jobmon.cli.up import programs
from jobmon.demo.play import CHANNEL, PASSWORD, USER, Demo
from jobmon.demo.scenarios.building import RunBuilder, failed_output, notebook
from jobmon.demo.workspace import PretendRun
from jobmon.listening import reserve_port
from jobmon.settings import Settings
from jobmon.supervisor import Supervisor

CALL, POST = 0.1, 0.2
RATE, BURST, PAGE = 20, 20, 100
REFILL = 2.0
IDLE_FOR = 1.0
LONGEST_LOOP = 200
LONGEST = 300.0
HEAD = (
    "failed tasks", "floor ms", "first message ms", "to floor", "slowest ms", "complete ms",
    "to floor", "get-output calls/s", "refused", "curl loop ms", "loop to complete",
)  # fmt: skip
_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """When the first message stood in the channel, and when it said everything."""

    first: float
    complete: float
    calls_a_second: float
    refused: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, nargs="+", default=[1, 25, 130, 1000])
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    print(machine())
    port = reserve_port()
    with Demo(port=port, supervise=_supervise) as stage:
        rows = []
        _tell(stage, 1)
        for tasks in asked.tasks:
            rounds = asked.rounds if tasks <= BURST * 2 else 1
            told = [_tell(stage, tasks) for _ in range(rounds)]
            loops = (
                [_loop(stage, tasks) for _ in range(min(rounds, 3))]
                if tasks <= LONGEST_LOOP
                else []
            )
            rows.append(_row(tasks, told, loops))
        table("Webhook to Slack message, medians", HEAD, rows)


def _row(tasks: int, told: list[Told], loops: list[float]) -> tuple[object, ...]:
    at = floor(tasks)
    first = statistics.median(item.first for item in told)
    complete = statistics.median(item.complete for item in told)
    loop = statistics.median(loops) if loops else 0.0
    rate = statistics.median(item.calls_a_second for item in told)
    slowest = max(item.first for item in told)
    return (
        tasks, at * 1000, first * 1000, first / at, slowest * 1000, complete * 1000, complete / at,
        rate, sum(item.refused for item in told), loop * 1000 or "-", loop / complete or "-",
    )  # fmt: skip


def floor(tasks: int) -> float:
    """The least that the servers' delays and the rate limit leave, in seconds."""
    return ceil(tasks / PAGE) * CALL + max(0, tasks - BURST) / RATE + CALL + POST


def _supervise(environ: dict[str, str], log: Path) -> Supervisor:
    settings = replace(Settings(), port=int(environ["PORT"]))
    return Supervisor(programs(settings, host="127.0.0.1"), environ=environ, output=log)


def _tell(stage: Demo, tasks: int) -> Told:
    sleep(REFILL)
    run = stage.workspace.add(failed_run(tasks))
    seen, calls_before = len(stage.slack.messages(CHANNEL)), len(stage.workspace.calls)
    url = f"http://127.0.0.1:{stage.port}/webhooks/databricks"
    began = monotonic()
    stage.workspace.post_webhook(url, run=run, user=USER, password=PASSWORD)
    first = complete = 0.0
    edits = -1
    looked = began
    for now in _looks():
        messages = stage.slack.messages(CHANNEL)[seen:]
        if not messages:
            continue
        if messages[0].edits != edits:
            first = first or now - began
            complete, edits = now - began, messages[0].edits
            looked = now
        # Asked now and then only: what is measured runs on the same cores.
        if now - looked > IDLE_FOR and now - began > floor(tasks):
            if nothing_waits(stage):
                break
            looked = now
    calls = stage.workspace.calls[calls_before:]
    outputs = [call.at for call in calls if call.path.endswith("runs/get-output")]
    span = max(outputs) - min(outputs)
    return Told(
        first=first,
        complete=complete,
        calls_a_second=max(0, len(outputs) - BURST) / span if span else 0.0,
        refused=len(outputs) - tasks,
    )


def _looks() -> Iterator[float]:
    began = monotonic()
    while monotonic() - began < LONGEST:
        yield monotonic()
        sleep(0.005)
    raise TimeoutError("the message did not become complete")


def nothing_waits(stage: Demo) -> bool:
    """Whether jobmon has nothing left to do."""
    try:
        answer = urlopen(f"http://127.0.0.1:{stage.port}/readyz", timeout=5)
    except HTTPError as exc:
        answer = exc  # 503: something has waited for minutes
    with answer:
        return bool(json.load(answer)["queue_depth"] == 0)


def failed_run(tasks: int) -> PretendRun:
    """A run of a job of its own, all of whose tasks failed with one of two causes.

    The causes are its own too: what many jobs have in common is told once for all of them.
    """
    number = next(_numbers)
    builder = RunBuilder(
        run_id=500_000_000 + number * 10_000_000,
        job_id=700_000 + number,
        name=f"bench_{number}",
        started_at=datetime.now(UTC) - timedelta(minutes=30),
    )
    for task in range(tasks):
        name = f"tenure_{word(number)}" if task % 10 else f"region_{word(number)}"
        error = (
            "AnalysisException: [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or "
            f"function parameter with name `{name}` cannot be resolved. Did you mean one of the "
            "following? [`tenure_days`, `customer_id`]. SQLSTATE: 42703"
        )
        trace = "Traceback (most recent call last)\n" + "  File <command-1>, line 14\n" * 20 + error
        output = failed_output(error, trace)
        builder.task(f"train_{task}", notebook("/ml/train"), result="FAILED", output=output)
    return builder.build()


def word(number: int) -> str:
    """A name for a number, without digits, which a fingerprint leaves out."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def _loop(stage: Demo, tasks: int) -> float:
    """Seconds that curl takes: the run, each failed task's output, a post; each in a process."""
    if shutil.which("curl") is None:
        raise SystemExit("curl is needed for the comparison")
    sleep(REFILL)
    run = stage.workspace.add(failed_run(tasks))
    jobs = f"{stage.workspace.url}/api/2.2/jobs/runs"
    sign = f"Authorization: Bearer {stage.workspace.token}"
    ids = " ".join(str(task["run_id"]) for task in run.run["tasks"])
    script = f"""
        curl -sf -H '{sign}' '{jobs}/get?run_id={run.run_id}' >/dev/null
        for id in {ids}; do
          curl -sf --retry 5 -H '{sign}' "{jobs}/get-output?run_id=$id" >/dev/null
        done
        curl -sf -H 'Authorization: Bearer {stage.slack.token}' -d 'channel={CHANNEL}&text=failed' \
          '{stage.slack.url}chat.postMessage' >/dev/null
    """
    began = monotonic()
    subprocess.run(["sh", "-ec", script], check=True)
    return monotonic() - began


if __name__ == "__main__":
    main()
