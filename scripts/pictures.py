"""Take the pictures in docs/pictures from real renderings: `python scripts/pictures.py`.

Starts the pretend Slack, the mailbox and the page that shows them, sends made-up digests through
the real notifiers, and photographs the page with a headless Chromium.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from jobmon.demo.mailbox import Mailbox  # noqa: E402
from jobmon.demo.page import DemoPage  # noqa: E402
from jobmon.demo.slack import PretendSlack  # noqa: E402
from jobmon.digest import Delivery, Destination, DestinationKind, Digest, Note  # noqa: E402
from jobmon.settings import EmailSettings, Secret, Settings, SlackSettings, SmtpSettings  # noqa: E402
from notifiers.registry import notifier_for  # noqa: E402
from tests.support import example_digests as examples  # noqa: E402
from tests.support.digests import NOW, a_delivery, a_note  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
DESKTOP, PHONE = 760, 390
CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-device-scale-factor=1.5",
)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One file: what is shown, and how wide the window is."""

    name: str
    digests: tuple[Digest, ...]
    width: int = DESKTOP
    height: int = 520
    notes: tuple[Note, ...] = ()


PICTURES_WANTED = (
    Picture(name="slack-open", digests=(examples.many_tasks_one_cause(),), height=470),
    Picture(
        name="slack-open-phone",
        digests=(examples.many_tasks_one_cause(),),
        width=PHONE,
        height=720,
    ),
    Picture(name="slack-several-causes", digests=(examples.several_causes(),), height=560),
    Picture(name="slack-unknown", digests=(examples.not_recognised(),), height=340),
    Picture(name="slack-partial", digests=(examples.partial_success(),), height=420),
    Picture(name="slack-acknowledged", digests=(examples.acknowledged(),), height=480),
    Picture(name="slack-repairing", digests=(examples.repairing(),), height=480),
    Picture(name="slack-regressed", digests=(examples.regressed(),), height=490),
    Picture(name="slack-new-code", digests=(examples.new_code(),), height=470),
    Picture(
        name="slack-platform",
        digests=(examples.platform(),),
        height=500,
        notes=examples.platform_thread(),
    ),
    Picture(name="slack-muted", digests=(examples.muted(),), height=480),
    Picture(
        name="slack-resolved",
        digests=(examples.resolved(),),
        height=640,
        notes=examples.thread(),
    ),
)


@contextmanager
def slack_page(picture: Picture) -> Iterator[str]:
    """A page that shows the picture's messages, delivered by the real notifier."""
    with PretendSlack(clock=NOW.timestamp) as slack, DemoPage(slack) as page:
        slack.add_user("U0ANA00001", name="Ana")
        slack.add_user("U0ONCALL01", name="data-oncall")
        settings = Settings(slack=SlackSettings(bot_token=Secret(slack.token), api_url=slack.url))
        destination = Destination(kind=DestinationKind.SLACK, address="C0123456789")
        notifier = notifier_for(destination, settings)
        for number, digest in enumerate(picture.digests):
            delivery = a_delivery(destination, digest=digest, delivery_id=f"picture-{number}")
            receipt = notifier.send(delivery, root=None)
            for note in picture.notes:
                reply = a_note(destination, digest=digest, note=note)
                notifier.send(reply, root=receipt)
        yield page.url


def mail_html() -> str:
    """The mail of a failure, as it arrives."""
    with Mailbox() as mailbox:
        smtp = SmtpSettings(host="127.0.0.1", port=mailbox.port)
        email = EmailSettings(smtp=smtp, sender="jobmon <jobmon@example.com>")
        destination = Destination(kind=DestinationKind.EMAIL, address="oncall@example.com")
        delivery: Delivery = a_delivery(destination, digest=examples.several_causes())
        notifier_for(destination, Settings(email=email)).send(delivery, root=None)
        return mailbox.messages[0].html


def photograph(url: str, target: Path, *, width: int, height: int) -> None:
    """One screenshot."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                chromium,
                *CHROMIUM_FLAGS,
                f"--user-data-dir={profile}",
                f"--window-size={width},{height}",
                f"--screenshot={target}",
                "--timeout=4000",
                url,
            ],
            check=True,
            capture_output=True,
            timeout=60,
        )


def main() -> None:
    """Take the pictures named on the command line, or all."""
    wanted = set(sys.argv[1:])
    PICTURES.mkdir(parents=True, exist_ok=True)
    for picture in PICTURES_WANTED:
        if wanted and picture.name not in wanted:
            continue
        with slack_page(picture) as url:
            target = PICTURES / f"{picture.name}.png"
            photograph(url, target, width=picture.width, height=picture.height)
            print(target)
    if wanted and not wanted & {"mail", "mail-phone"}:
        return
    with tempfile.TemporaryDirectory() as directory:
        html = Path(directory) / "mail.html"
        html.write_text(mail_html(), encoding="utf-8")
        for name, width, height in (("mail", 760, 700), ("mail-phone", PHONE, 900)):
            target = PICTURES / f"{name}.png"
            photograph(html.as_uri(), target, width=width, height=height)
            print(target)


if __name__ == "__main__":
    main()
