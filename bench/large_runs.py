"""Large failed runs, and people who wait for something else while they are read.

    python -m bench.large_runs [--runs 2 7] [--tasks 500] [--workers 2]

jobmon runs as `jobmon up` starts it, with so many workers, between the pretend workspace and Slack
of `bench.end_to_end`. Some runs fail at once, each with so many failed tasks. Until all of them are
complete, another team's job with one failed task fails again and again, and somebody types
`/jobmon status`. The floor for the large runs is the limit on outputs: 20 a second after a burst of
20. What others wait for is compared with the same alone, in the same run.
"""

import argparse
import statistics
from time import monotonic, sleep, time

from bench.burst import CHANNELS, command, other_team, post, stage_with
from bench.end_to_end import BURST, CALL, POST, RATE, failed_run, nothing_waits
from bench.measure import machine, table
from jobmon.demo.play import CHANNEL, Demo
from jobmon.demo.slack import Message

PENDING = "still being read"
LONGEST = 900.0
ASK_EVERY = 2.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, nargs="+", default=[2, 7])
    parser.add_argument("--tasks", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    print(machine())
    with stage_with(asked.workers) as stage:
        alone = statistics.median(other_team(stage) for _ in range(3))
        command_alone = statistics.median(command(stage) for _ in range(3))
        for runs in asked.runs:
            sleep(BURST / RATE)
            _fail(stage, runs, asked.tasks, alone=alone, command_alone=command_alone)


def floor(runs: int, tasks: int) -> float:
    """The least seconds that the limit on outputs leaves for the last run to be complete."""
    return max(0, runs * tasks - BURST) / RATE + CALL * 2 + POST


def _fail(stage: Demo, runs: int, tasks: int, *, alone: float, command_alone: float) -> None:
    seen, before = len(_messages(stage)), _outputs(stage)
    failing = [stage.workspace.add(failed_run(tasks)) for _ in range(runs)]
    began, began_at = monotonic(), time()
    for run in failing:
        post(stage, run)
    others, commands = [], []
    while not _are_complete(stage, seen, runs):
        if monotonic() - began > LONGEST:
            raise TimeoutError("the large runs did not become complete")
        others.append(other_team(stage))
        commands.append(command(stage))
        sleep(ASK_EVERY)
    complete, least = monotonic() - began, floor(runs, tasks)
    firsts = [float(message.ts) - began_at for message in _messages(stage)[seen:]]
    read = _outputs(stage) - before - len(others)
    table(
        f"{runs} runs with {tasks} failed tasks each",
        (
            "first messages s", "complete s", "floor s", "to floor", "outputs read", "of",
        ),
        [(max(firsts), complete, least, complete / least, read, runs * tasks)],
    )  # fmt: skip
    table(
        "Who waits, meanwhile",
        ("what", "number", "alone ms", "median ms", "slowest ms"),
        [
            (name, len(took), base * 1000, statistics.median(took) * 1000, max(took) * 1000)
            for name, base, took in (
                ("a small failure to its message", alone, others),
                ("`/jobmon status` to its answer", command_alone, commands),
            )
        ],
    )


def _are_complete(stage: Demo, seen: int, runs: int) -> bool:
    messages = _messages(stage)[seen:]
    if len(messages) < runs or any(PENDING in str(message.blocks) for message in messages):
        return False
    return nothing_waits(stage)


def _messages(stage: Demo) -> list[Message]:
    """The large runs' messages, in the order they came."""
    found = [item for channel in (CHANNEL, *CHANNELS) for item in stage.slack.messages(channel)]
    return sorted(found, key=lambda message: float(message.ts))


def _outputs(stage: Demo) -> int:
    return len(stage.workspace.calls_to("runs/get-output"))


if __name__ == "__main__":
    main()
