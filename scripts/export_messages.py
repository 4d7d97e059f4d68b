"""Print what we make as JSON, for checkers that are not ours: `npm run check`."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from jobmon.sender import Sender
from jobmon.slack_app.manifest import manifest
from notifiers.email.message import mail_of
from notifiers.overview import overview
from notifiers.slack.blocks import in_full, root_message
from notifiers.slack.listing import incident_list
from tests.support import example_digests as examples
from tests.support.digests import NOW, a_delivery
from tests.support.hostile import ATTACKS, a_hostile_digest, in_every_state


def mail_html(name: str) -> str:
    """The HTML of one example's mail."""
    mail = mail_of(
        a_delivery(digest=examples.STATES[name]()),
        sender=Sender(address="jobmon@example.com"),
        recipients=("oncall@example.com",),
        domain="example.com",
        sent_at=NOW,
        follow_up=False,
    )
    part = mail.get_body(("html",))
    return str(part.get_content()) if part else ""


def main() -> None:
    """All example states, and the hostile ones in every state."""
    digests = {name: make() for name, make in examples.STATES.items()}
    for number, attack in enumerate(ATTACKS):
        for state, digest in enumerate(in_every_state(a_hostile_digest(attack))):
            digests[f"hostile {number}.{state}"] = digest
    blocks = {name: root_message(digest).blocks for name, digest in digests.items()}
    blocks |= {f"{name}, in full": in_full(digest).blocks for name, digest in digests.items()}
    known = [(digest.incident, digest) for digest in digests.values()]
    blocks["a list"] = incident_list(overview(known, now=NOW)).blocks
    mails = {name: mail_html(name) for name in examples.STATES}
    manifests = {
        "for HTTP": manifest("https://jobmon.example.com"),
        "for Socket Mode": manifest("", socket_mode=True),
    }
    json.dump({"blocks": blocks, "mails": mails, "manifests": manifests}, sys.stdout)


if __name__ == "__main__":
    main()
