"""What the use cases need to be remembered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from jobmon.action import ActionOutcome
from jobmon.digest import Delivery, Destination, Digest, Receipt
from jobmon.incident import Incident
from jobmon.mute import CauseMute
from jobmon.ports.queue import Transaction
from jobmon.run import JobId, Run, RunId, WorkspaceId

T = TypeVar("T")

MOST_OPEN = 500
"""Open incidents that are looked through where all are meant."""


class ClaimState(StrEnum):
    """`GO`: nobody tried yet. `SENT`: done before. `DOUBTFUL`: tried, outcome unknown."""

    GO = "go"
    SENT = "sent"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Whether to send: the answer to a claim."""

    state: ClaimState
    since: datetime | None = None
    """When the first attempt began: where to start looking for a doubtful one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """How often one cause was seen in one job, and how it ended."""

    fingerprint: str
    first_seen: datetime
    last_seen: datetime
    runs: int
    cured_by: tuple[tuple[str, int], ...] = ()
    """How incidents of this cause were resolved: `repair`, `retry`, `next run`, `new code`, with
    counts."""
    last_cure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A version of a job's code, and the one that was good last."""

    commit: str
    first_run: datetime | None = None
    """When the first run with it began."""
    last_good: str = ""
    """The commit of the latest good run; empty when none was seen."""


class Store(Protocol):
    """What jobmon remembers. Writes take a transaction so that they happen together."""

    def transact(self, watch: Sequence[str], body: Callable[[Transaction], T]) -> T:
        """Run `body` and apply its writes at once; again if a watched key changed meanwhile.

        `watch` holds keys from `incident_key` and `last_good_key`. Reads inside `body` see the
        state before its writes, which take effect only when `body` returns.
        """

    def incident_key(self, workspace_id: WorkspaceId, job_key: str) -> str:
        """The key to watch for changes of a job's current incident."""

    def current_incident(self, workspace_id: WorkspaceId, job_key: str) -> Incident | None:
        """The job's latest incident, open or resolved."""

    def incident(self, incident_id: str) -> Incident | None:
        """An incident by its id."""

    def incidents(self, *, open_only: bool = True, limit: int = 100) -> tuple[Incident, ...]:
        """Incidents, latest change first."""

    def incidents_named(self, name: str) -> tuple[Incident, ...]:
        """The jobs' current incidents whose job has this name, in any case of its letters."""

    def save_incident(self, tx: Transaction, incident: Incident) -> None:
        """Write an incident, and make it its job's current one."""

    def forget_current(self, tx: Transaction, workspace_id: WorkspaceId, job_key: str) -> None:
        """This key has no incident any more: it is another key's now."""

    def save_digest(self, tx: Transaction, digest: Digest) -> None:
        """Keep the latest digest of an incident, for edits, details and commands."""

    def digest(self, incident_id: str) -> Digest | None:
        """The latest digest of an incident."""

    def with_digests(
        self, incidents: Sequence[Incident]
    ) -> tuple[tuple[Incident, Digest | None], ...]:
        """Each incident with its latest digest."""

    def remember_run(self, tx: Transaction, run: Run) -> None:
        """Remember that a run's present attempts were looked at (kept for 90 days)."""

    def knows_run(self, workspace_id: WorkspaceId, run_id: RunId, attempts_key: str) -> bool:
        """Whether these attempts were looked at already."""

    def seen_end(self, workspace_id: WorkspaceId, run_id: RunId) -> datetime | None:
        """When a run had ended, as it was last looked at; None if it was never seen ended."""

    def job_of(self, workspace_id: WorkspaceId, run_id: RunId) -> JobId | None:
        """The job of a run that was looked at before."""

    def record_job_run(
        self, tx: Transaction, run: Run, job_key: str, *, good: bool, at: datetime
    ) -> None:
        """Count a run once, date its code by its start, and remember the latest good one."""

    def other_runs(self, run: Run, job_key: str, *, since: datetime) -> int:
        """How many runs of its job were seen since then, besides this one."""

    def last_good_key(self, workspace_id: WorkspaceId, job_key: str) -> str:
        """The key to watch for a good run of a job."""

    def last_good(self, workspace_id: WorkspaceId, job_key: str) -> Run | None:
        """The latest good run of a job, without its tasks; None if none is known."""

    def code(self, workspace_id: WorkspaceId, job_key: str, commit: str) -> Code:
        """What is remembered of the code that a job ran with."""

    def record_sighting(
        self,
        tx: Transaction,
        *,
        workspace_id: WorkspaceId,
        job_key: str,
        fingerprint: str,
        run_id: RunId,
        at: datetime,
    ) -> None:
        """Count a cause once for each run it was seen in; kept for 90 days, bounded."""

    def record_cure(
        self,
        tx: Transaction,
        *,
        workspace_id: WorkspaceId,
        job_key: str,
        fingerprint: str,
        how: str,
    ) -> None:
        """Count how an incident with this cause was resolved."""

    def sighting(
        self, *, workspace_id: WorkspaceId, job_key: str, fingerprint: str
    ) -> Sighting | None:
        """What is remembered of a cause."""

    def jobs_with(self, fingerprint: str, *, since: datetime) -> tuple[tuple[str, str], ...]:
        """The `(workspace id, job key)` pairs in which a cause was seen since then."""

    def cause_mutes(self) -> tuple[CauseMute, ...]:
        """What is muted in all jobs of a workspace, the newest first."""

    def save_cause_mute(self, tx: Transaction, mute: CauseMute) -> None:
        """Mute a cause, or change how long it is muted."""

    def drop_cause_mute(self, tx: Transaction, workspace_id: WorkspaceId, fingerprint: str) -> None:
        """Hear of a cause again."""

    def claim(self, delivery_id: str, *, now: datetime) -> Claim:
        """Say that we are about to send; tells whether somebody may have sent it before."""

    def release(self, delivery_id: str) -> None:
        """Take a claim back: the message was surely not sent."""

    def is_sent(self, delivery_id: str) -> bool:
        """Whether a delivery is in the notification log."""

    def record_receipt(
        self, tx: Transaction, *, incident_id: str, delivery: Delivery, receipt: Receipt
    ) -> None:
        """The notification log: what was delivered where. Closes the claim."""

    def root_receipt(self, incident_id: str, destination: Destination) -> Receipt | None:
        """The receipt of the incident's root message at a destination."""

    def record_audit(self, tx: Transaction, outcome: ActionOutcome) -> None:
        """Append to the audit trail (bounded)."""

    def audit(self, *, limit: int = 100) -> tuple[ActionOutcome, ...]:
        """The audit trail, newest first."""

    def remember_once(self, name: str, *, ttl: timedelta, value: str = "1") -> str | None:
        """Claim a name for a while: None if it was free, else the value it was claimed with."""

    def recall_once(self, name: str) -> str | None:
        """What a name is claimed with now; None if it is free."""

    def forget_once(self, name: str) -> None:
        """Give a claimed name free: what it was claimed for did not happen."""

    def note(
        self, name: str, value: bytes, *, ttl: timedelta, tx: Transaction | None = None
    ) -> None:
        """Keep a note under a name for a while, in place of the one before."""

    def noted(self, name: str) -> bytes | None:
        """The note under a name."""

    def drop_note(self, name: str) -> None:
        """Keep a note no longer."""

    def watermark(self, workspace_id: WorkspaceId) -> datetime | None:
        """Up to when the sweep has listed a workspace's runs."""

    def set_watermark(self, workspace_id: WorkspaceId, at: datetime) -> None:
        """Remember up to when the sweep has listed."""

    def count(self, metric: str, amount: float = 1, **labels: str) -> None:
        """Raise a counter shown by `/metrics`; never fails the caller."""

    def counters(self) -> Mapping[tuple[str, tuple[tuple[str, str], ...]], float]:
        """All counters, by name and labels."""

    def note_webhooks(self, counts: Mapping[str, int], at: datetime) -> None:
        """Count events by outcome, and remember when the last one came."""

    def note_last(self, what: str, text: str) -> None:
        """Remember the latest `delivery` or `delivery_error`, for `/readyz`."""

    def last_words(self) -> Mapping[str, str]:
        """The latest of each."""
