"""What is told of a storm: one message that counts and names its jobs, and its thread."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from jobmon.cause_group import RunDiagnosis
from jobmon.conditions import facts_of
from jobmon.digest import Delivery, DeliveryKind, Digest, Note
from jobmon.incident import FAILING, MEANING_CHANGED, Incident, Member, NotifyReason
from jobmon.ports.queue import Transaction
from jobmon.quiet import held_for
from notifiers.slack.mrkdwn import link, safe
from notifiers.story import safe_link
from notifiers.text import one_line, shorten
from workers.outbox import post
from workers.services import Services
from workers.tell import deliveries_for, delivery_of, editable_places

MAX_NAME = 80
ROOM_FOR_NAMES = 300
MAX_NOTES_AT_ONCE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A job's incident that belongs to a storm, and where it would have been told."""

    member: Member
    digest: Digest
    destinations: tuple[str, ...] = ()
    left: bool = False
    """It fails with another cause by now."""


def tell(
    services: Services,
    tx: Transaction,
    platform: Incident,
    reason: NotifyReason,
    joined: list[Joined],
    *,
    before: Incident | None,
    now: datetime,
) -> None:
    """Save the platform incident as it is now, and put its messages into the outbox."""
    latest = joined[-1].digest
    places = (*platform.destinations, *(name for item in joined for name in item.destinations))
    called = _to_call(platform, reason, joined)
    platform = replace(
        platform,
        destinations=tuple(dict.fromkeys(places)),
        mentioned=(*platform.mentioned, *called),
    )
    previous = services.store.digest(platform.incident_id)
    shown = previous.diagnosis if previous else latest.diagnosis
    digest = digest_of_many(platform, latest, shown, reason=reason, now=now)
    services.store.save_incident(tx, platform)
    services.store.save_digest(tx, digest)
    policy = services.settings.policy
    facts = facts_of(services.settings, latest.run, latest.diagnosis)
    delay = held_for(policy.windows, facts, now=now)
    told = before.destinations if before else ()
    loud = replace(digest, mentions=called)
    # An edited message calls nobody, a note does.
    noted = digest if reason in MEANING_CHANGED else loud
    for delivery in (
        *deliveries_for(loud, (), policy=policy, told=told),
        *_notes(noted, joined, before=before),
    ):
        post(services.queue, delivery, tx=tx, delay=delay)


def digest_of_many(
    platform: Incident, latest: Digest, shown: RunDiagnosis, *, reason: NotifyReason, now: datetime
) -> Digest:
    """The platform incident as people should see it: one cause, and the jobs' names."""
    return replace(
        latest,
        incident=platform,
        run=replace(latest.run, tasks=(), url=""),
        diagnosis=replace(
            shown,
            groups=shown.groups[:1],
            failed_count=len(platform.members),
            downstream_count=0,
            pending_count=0,
        ),
        reason=reason,
        at=now,
        history=_in_words(platform.members),
        owner="",
        mentions=(),
    )


def _to_call(platform: Incident, reason: NotifyReason, joined: list[Joined]) -> tuple[str, ...]:
    if reason not in FAILING:
        return ()
    people = dict.fromkeys(person for item in joined for person in item.digest.mentions)
    return tuple(person for person in people if person not in platform.mentioned)


def _notes(digest: Digest, joined: list[Joined], *, before: Incident | None) -> Iterable[Delivery]:
    """Under the platform's message: who joined, who got well."""
    known = {member.incident_id: member.is_open for member in before.members} if before else {}
    news = [
        item for item in joined if known.get(item.member.incident_id) is not item.member.is_open
    ]
    for place in editable_places(digest.incident):
        shown = digest
        for number, text in enumerate(_lines(news)):
            note = Note(text=text, markup=True)
            yield delivery_of(shown, place, DeliveryKind.NOTE, note=note, part=f"job{number}")
            shown = replace(digest, mentions=())


def _lines(news: list[Joined]) -> Iterable[str]:
    for item in news[:MAX_NOTES_AT_ONCE]:
        yield f"{_linked(item)} {_what(item)}."
    rest = [item.member.job_name for item in news[MAX_NOTES_AT_ONCE:]]
    if rest:
        yield f"And {len(rest)} more: {safe(_named(rest), 2 * ROOM_FOR_NAMES)}."


def _linked(item: Joined) -> str:
    """The job, as a link to its run where that can be trusted."""
    name = shorten(one_line(item.member.job_name), MAX_NAME)
    url = safe_link(item.digest.run.url)
    return link(url, name) if url else safe(name, MAX_NAME)


def _what(item: Joined) -> str:
    if item.left:
        return "fails with another cause now, and is told by itself"
    return "fails with the same cause" if item.member.is_open else "is well again"


def _in_words(members: tuple[Member, ...]) -> str:
    failing = [member.job_name for member in members if member.is_open]
    well = len(members) - len(failing)
    if not failing:
        return f"Well again: {_named([member.job_name for member in members])}"
    again = f"; {well} well again" if well else ""
    return f"Failing: {_named(failing)}{again}"


def _named(names: list[str]) -> str:
    """As many names as there is room for, and how many more there are."""
    shown = ""
    for number, name in enumerate(names):
        longer = f"{shown}{', ' if shown else ''}{shorten(one_line(name), MAX_NAME)}"
        if len(longer) > ROOM_FOR_NAMES:
            return f"{shown} and {len(names) - number} more"
        shown = longer
    return shown
