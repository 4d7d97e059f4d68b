"""A mail's headers: who, what about, and which conversation it belongs to.

Every value is one clean line before it is set: a job name with a line break in it must neither
add a header nor make the mail impossible to build.
"""

import hashlib
from email.errors import HeaderParseError
from email.headerregistry import Address

from jobmon.digest import Delivery, Digest
from jobmon.errors import DestinationError
from jobmon.incident import FailedRun
from jobmon.sender import Sender
from notifiers.standing import headline_of, job_name_of, standing_of
from notifiers.text import one_line, shorten
from notifiers.times import when

MAX_SUBJECT = 120
MAX_VALUE = 200


def addresses_of(text: str) -> tuple[str, ...]:
    """The addresses of a comma separated list; raises DestinationError naming a wrong one."""
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not found:
        msg = "no mail address to send to; set JOBMON_EMAIL_TO or name one in the route"
        raise DestinationError(msg)
    return tuple(_address(part) for part in found)


def domain_of(sender: Sender) -> str:
    """The domain our message ids live in; raises DestinationError where the sender has none."""
    return _address(sender.address).rpartition("@")[2]


def from_of(sender: Sender) -> Address:
    """Who the mail is from, as its reader sees it."""
    return Address(display_name=sender.name, addr_spec=_address(sender.address))


def subject_of(delivery: Delivery, *, follow_up: bool) -> str:
    """The same for a whole incident, apart from `Re:`, or mail programs tear the thread apart."""
    digest = delivery.digest
    environment = one_line(digest.environment)
    label = f"[jobmon {environment}]" if environment else "[jobmon]"
    if digest.incident.members:
        # How many jobs changes with each that joins; the subject may not.
        subject = f"{label} one cause in several jobs ({when(digest.incident.opened_at)})"
    elif digest.is_alarm:
        subject = f"{label} {headline_of(digest)}"
    else:
        subject = f"{label} {job_name_of(digest)} failed (run {_first_run(digest)})"
    return ("Re: " if follow_up else "") + _value(subject, MAX_SUBJECT)


def message_id_of(delivery_id: str, domain: str) -> str:
    """The same for every attempt at a delivery: a mail that arrives twice can be told."""
    return f"<{hashlib.sha256(delivery_id.encode()).hexdigest()[:24]}@{domain}>"


def thread_id_of(digest: Digest, domain: str) -> str:
    """What all mails of an incident refer to; no mail needs to have this id itself.

    Kept short: Python encodes a reference of more than 65 characters into something no mail
    program understands.
    """
    digest_of_id = hashlib.sha256(digest.incident.incident_id.encode()).hexdigest()
    return f"<inc-{digest_of_id[:16]}@{domain}>"


def own_headers(digest: Digest, domain: str) -> dict[str, str]:
    """What filters sort by, and what keeps robots from answering."""
    groups = digest.diagnosis.groups
    return {
        "List-Id": f"jobmon <jobmon.{domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Jobmon-Incident": _value(digest.incident.incident_id),
        "X-Jobmon-Job": _value(job_name_of(digest)),
        "X-Jobmon-Run": str(digest.run.run_id),
        "X-Jobmon-State": standing_of(digest).value,
        "X-Jobmon-Category": groups[0].diagnosis.category.value if groups else "none",
    }


def _first_run(digest: Digest) -> int:
    incident = digest.incident
    if incident.opened_by:
        return int(incident.opened_by)
    # Opened by a version that did not keep it.
    first = min(incident.runs, key=_started, default=None)
    return int(first.run_id if first else digest.run.run_id)


def _started(run: FailedRun) -> float:
    return (run.started_at or run.seen_at).timestamp()


def _value(text: str, limit: int = MAX_VALUE) -> str:
    """One clean line that says what it says: Python would decode `=?utf-8?q?=0D=0ABcc:…?=`."""
    return shorten(one_line(text).replace("=?", "= ?"), limit)


def _address(text: str) -> str:
    try:
        address = Address(addr_spec=text)
    except (HeaderParseError, ValueError, IndexError) as exc:
        msg = f"{one_line(text)!r} is not a mail address; correct it in the settings"
        raise DestinationError(msg) from exc
    if not address.username or not address.domain or not text.isascii():
        msg = f"{one_line(text)!r} is not a mail address; correct it in the settings"
        raise DestinationError(msg)
    return address.addr_spec
