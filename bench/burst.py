"""A burst of failed runs, and people who wait for something else in the middle of it.

    python -m bench.burst [--runs 1000] [--workers 12] [--one-job 300]

jobmon runs as `jobmon up` starts it, with so many workers, between the pretend workspace and Slack
of `bench.end_to_end`. Every run belongs to a job of its own with a cause of its own, so that each
is a message; forty channels share them. The floor is what the limits leave open: 20 outputs a
second after a burst of 20, and a message a second and channel after a burst of 6. Meanwhile
somebody types `/jobmon status` again and again, and now and then a job of another team fails. Then
many runs of one job fail, and one of another.
"""

import argparse
import statistics
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import monotonic, sleep, time

from bench.end_to_end import BURST, CALL, POST, RATE, nothing_waits, word
from bench.measure import machine, table
from jobmon.cli.up import programs
from jobmon.demo.play import CHANNEL, PASSWORD, USER, Demo
from jobmon.demo.scenarios.building import RunBuilder, failed_output, notebook
from jobmon.demo.workspace import PretendRun
from jobmon.listening import reserve_port
from jobmon.settings import Settings
from jobmon.supervisor import Supervisor
from workers.turn import POST_BURST, POSTS_A_SECOND

CHANNELS = tuple(f"C00000000{number:02}" for number in range(40))
QUIET = "C0000000999"
ASK_EVERY = 2.0
POSTERS = 4
LONGEST = 600.0
_numbers = count(100)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=12)
    parser.add_argument("--one-job", type=int, default=300)
    asked = parser.parse_args()
    print(machine())
    with stage_with(asked.workers) as stage:
        alone = statistics.median(command(stage) for _ in range(5))
        first_alone = statistics.median(other_team(stage) for _ in range(3))
        sleep(BURST / RATE)
        _burst(stage, asked.runs, asked.workers, alone=alone, first_alone=first_alone)
        _until(lambda: nothing_waits(stage))
        _one_job(stage, asked.one_job, first_alone=first_alone)


def floor(runs: int) -> float:
    """The least seconds that the limits leave for the last run's message."""
    outputs = max(0, runs - BURST) / RATE + CALL * 2
    roots = max(0, runs / len(CHANNELS) - POST_BURST) / POSTS_A_SECOND
    return max(outputs, roots) + POST


def _burst(stage: Demo, runs: int, workers: int, *, alone: float, first_alone: float) -> None:
    failing = [_failing(f"bench_{number:06}", number) for number in _take(runs)]
    for run in failing:
        stage.workspace.add(run)
    began = time()
    with ThreadPoolExecutor(POSTERS) as posters:
        posted = posters.map(lambda run: post(stage, run), failing)
        commands, firsts = _meanwhile(stage, runs)
        list(posted)
    told = sorted(
        float(message.ts) - began
        for channel in CHANNELS
        for message in stage.slack.messages(channel)
    )
    least, others = floor(runs), len(stage.slack.messages(QUIET))
    table(
        f"{runs} failed runs of as many jobs at once, {workers} workers",
        ("told", "floor s", "first s", "half s", "last s", "last to floor", "calls refused"),
        [
            (
                len(told), least, told[0], told[len(told) // 2], told[-1], told[-1] / least,
                len(stage.workspace.calls_to("runs/get-output")) - runs - others,
            )
        ],
    )  # fmt: skip
    waits = (
        ("`/jobmon status` to its answer", alone, commands),
        ("another team's failure to its message", first_alone, firsts),
    )
    table(
        "People who wait, in the middle of it",
        ("what", "number", "alone ms", "median ms", "slowest ms"),
        [
            (name, len(took), base * 1000, statistics.median(took) * 1000, max(took) * 1000)
            for name, base, took in waits
        ],
    )


def _meanwhile(stage: Demo, runs: int) -> tuple[list[float], list[float]]:
    """Ask and fail until all is told; how long each of these took."""
    commands: list[float] = []
    firsts: list[float] = []
    began = monotonic()
    while _told(stage) < runs and monotonic() - began < LONGEST:
        commands.append(command(stage))
        if len(commands) % 3 == 0:
            firsts.append(other_team(stage))
        sleep(ASK_EVERY)
    return commands, firsts


def _one_job(stage: Demo, runs: int, *, first_alone: float) -> None:
    sleep(BURST / RATE)
    number = next(_numbers)
    failing = [_failing(f"bench_{number:06}", number, run=run) for run in range(runs)]
    for run in failing:
        stage.workspace.add(run)
    with ThreadPoolExecutor(POSTERS) as posters:
        list(posters.map(lambda run: post(stage, run), failing))
    took = other_team(stage)
    table(
        "One job with many failed runs, and then another job's first failure",
        ("runs of the one job", "the other's message, alone ms", "behind them ms"),
        [(runs, first_alone * 1000, took * 1000)],
    )


def command(stage: Demo) -> float:
    """Seconds from typing a command to its answer."""
    seen = len(stage.slack.team.ephemerals)
    began = monotonic()
    stage.slack.person().type_command(
        f"http://127.0.0.1:{stage.port}/slack/commands", "status", channel=CHANNEL
    )
    _until(lambda: len(stage.slack.team.ephemerals) > seen)
    return monotonic() - began


def other_team(stage: Demo) -> float:
    """Seconds from a failure of a job with a channel of its own to its message."""
    seen = len(stage.slack.messages(QUIET))
    number = next(_numbers)
    run = stage.workspace.add(_failing(f"quiet_{number}", number))
    began = monotonic()
    post(stage, run)
    _until(lambda: len(stage.slack.messages(QUIET)) > seen)
    return monotonic() - began


def _failing(name: str, number: int, *, run: int = 0) -> PretendRun:
    builder = RunBuilder(
        run_id=800_000_000_000 + number * 100_000 + run * 10,
        job_id=800_000 + number,
        name=name,
        started_at=datetime.now(UTC) - timedelta(minutes=30),
    )
    error = f"ModuleNotFoundError: No module named 'lib_{word(number)}'"
    trace = "Traceback (most recent call last)\n" + "  File <command-1>, line 14\n" * 20 + error
    output = failed_output(error, trace)
    builder.task("load", notebook("/etl/load"), result="FAILED", output=output)
    return builder.build()


@contextmanager
def stage_with(workers: int) -> Iterator[Demo]:
    stage: Demo

    def supervise(environ: dict[str, str], log: Path) -> Supervisor:
        for channel in (*CHANNELS, QUIET):
            stage.slack.add_channel(channel, f"team-{channel[-3:]}")
        routes = [
            (f"bench_*{ending:02}", CHANNELS[ending % len(CHANNELS)]) for ending in range(100)
        ]
        lines = [
            f'[[routes]]\njobs = ["{jobs}"]\nto = ["slack:{channel}"]\n'
            for jobs, channel in (*routes, ("quiet_*", QUIET))
        ]
        with Path(environ["JOBMON_CONFIG"]).open("a", encoding="utf-8") as config:
            config.write("\n".join(lines))
        settings = replace(Settings(), port=int(environ["PORT"]), workers=workers)
        return Supervisor(programs(settings, host="127.0.0.1"), environ=environ, output=log)

    stage = Demo(port=reserve_port(), supervise=supervise)
    with stage:
        yield stage


def _take(number: int) -> list[int]:
    return [next(_numbers) for _ in range(number)]


def _told(stage: Demo) -> int:
    return sum(len(stage.slack.messages(channel)) for channel in CHANNELS)


def post(stage: Demo, run: PretendRun) -> None:
    url = f"http://127.0.0.1:{stage.port}/webhooks/databricks"
    stage.workspace.post_webhook(url, run=run, user=USER, password=PASSWORD)


def _until(is_so: Callable[[], object]) -> None:
    began = monotonic()
    while not is_so():
        if monotonic() - began > LONGEST:
            raise TimeoutError("it did not happen")
        sleep(0.005)


if __name__ == "__main__":
    main()
