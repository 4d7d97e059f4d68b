"""A campaign: events come, things break, and at the end everything that was taken was told once."""

import random
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic

from jobmon.demo.workspace import PretendRun
from tests.chaos.faults import KILLS, OTHERS, choose
from tests.chaos.house import House
from tests.chaos.set_pieces import SET_PIECES, planned
from tests.support.waiting import wait_until

SETTLE_SECONDS = 400.0


@dataclass(slots=True, kw_only=True)
class Report:
    """What happened, and what came of it."""

    seed: int
    faults: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    """Events posted, by the status they were answered with."""
    runs: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    mails_lost: list[str] = field(default_factory=list)
    mails_doubled: list[str] = field(default_factory=list)
    mails_repeated: int = 0
    """Sent again with the same Message-ID: the answer to the first was lost."""
    dead: list[str] = field(default_factory=list)
    seconds: float = 0.0
    settled: float = 0.0

    @property
    def kills(self) -> int:
        """How many processes were killed."""
        return sum(count for name, count in self.faults.items() if name in KILLS)

    def table(self) -> str:
        """The report as a table of a page."""
        rows = [(name, str(count)) for name, count in sorted(self.faults.items())]
        rows += [
            ("events posted", str(self.answers.total())),
            ("events answered 202", str(self.answers[202])),
            ("events answered 503 (not taken)", str(self.answers[503])),
            ("events that met no server", str(self.answers[0])),
            ("runs with such an event", str(self.runs)),
            ("**lost** (no message)", f"**{len(self.lost)}**"),
            ("**doubled** (more than one root message)", f"**{len(self.doubled)}**"),
            ("mails lost", str(len(self.mails_lost))),
            ("mails doubled (another Message-ID)", str(len(self.mails_doubled))),
            ("mails sent again with the same Message-ID", str(self.mails_repeated)),
            ("dead letters", str(len(self.dead))),
            ("seconds under fire / to settle", f"{self.seconds:.0f} / {self.settled:.0f}"),
        ]
        lines = [f"| {name} | {value} |" for name, value in rows]
        return "\n".join((f"| seed {self.seed} | count |", "| --- | --- |", *lines))


class Campaign:
    """One run of faults under a stream of events, replayable by its seed."""

    def __init__(self, house: House, *, seed: int, kills: int, gap: float, runs: int = 1) -> None:
        self._house = house
        self._kills = kills
        self._runs = runs
        self._gap = gap
        self._rng = random.Random(seed)  # noqa: S311 (replayable on purpose)
        self._planned = planned(kills, self._rng)
        self._events = random.Random(seed + 1)  # noqa: S311
        self._stop = threading.Event()
        self._taken: dict[int, PretendRun] = {}
        self.report = Report(seed=seed)

    def run(self) -> Report:
        """Hurt the house until enough was killed while enough runs failed, and let it settle.

        Then look at what was told.
        """
        stream = threading.Thread(target=self._stream, name="events")
        began = monotonic()
        stream.start()
        try:
            while self.report.kills < self._kills or len(self._taken) < self._runs:
                self._hurt()
                self._stop.wait(self._rng.uniform(0.2, 1.8) * self._gap)
        finally:
            self._stop.set()
            stream.join()
        self.report.seconds = monotonic() - began
        with suppress(AssertionError):  # what still waits then is counted as lost
            wait_until(self._house.is_idle, within=SETTLE_SECONDS, every=0.5)
        self.report.settled = monotonic() - began - self.report.seconds
        self._judge()
        return self.report

    def _hurt(self) -> None:
        name = self._planned.pop(self.report.kills, "")
        if name:
            SET_PIECES[name](self._house, self._rng)
            self.report.faults[name] += 1
            return
        faults = KILLS if self._rng.random() < 0.6 else OTHERS
        name = choose(faults, self._rng)
        if faults[name](self._house, self._rng):
            self.report.faults[name] += 1

    def _stream(self) -> None:
        number = 0
        while not self._stop.wait(self._events.uniform(1.0, 2.6)):
            number += 1
            run = self._house.new_run(number, failed=self._events.randint(1, 2))
            for task_key in [*run.failed_keys[: self._events.randint(0, 2)], ""]:
                status = self._house.post(run, task_key=task_key)
                self.report.answers[status] += 1
                if status == 202:
                    self._taken[run.run_id] = run

    def _judge(self) -> None:
        report = self.report
        report.runs = len(self._taken)
        for run in self._taken.values():
            name, roots = str(run.run["run_name"]), self._house.roots_of(run)
            if roots != 1:
                (report.doubled if roots else report.lost).append(name)
            ids = self._house.mail_ids_of(run)
            report.mails_repeated += len(ids) - len(set(ids))
            if len(set(ids)) != 1:
                (report.mails_doubled if ids else report.mails_lost).append(name)
        letters = self._house.queue.dead_letters(limit=1000)
        report.dead = [f"{item.message.kind} {item.message.key}: {item.reason}" for item in letters]
