"""Take the pictures in docs/pictures from real renderings: `python scripts/pictures.py [NAME…]`.

Starts the pretend Slack, the mailbox and the page that shows them, sends digests of realistic
failures through the real notifiers, and photographs the page with a headless Chromium.

It takes Debian's packages `chromium`, `fonts-lato`, `fonts-liberation`, `fonts-dejavu-core` and
`fonts-noto-color-emoji`.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from jobmon.demo.mailbox import Mailbox  # noqa: E402
from jobmon.demo.page import DemoPage  # noqa: E402
from jobmon.demo.slack import PretendSlack  # noqa: E402
from jobmon.digest import Destination, DestinationKind  # noqa: E402
from jobmon.sender import Sender  # noqa: E402
from jobmon.settings import EmailSettings, Secret, Settings, SlackSettings, SmtpSettings  # noqa: E402
from notifiers.registry import notifier_for  # noqa: E402
from tests.support.digests import NOW, a_delivery, a_note  # noqa: E402
from tests.support.pictures import FOLDER, Picture, keep_words, pictures  # noqa: E402

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


@contextmanager
def slack_page(picture: Picture) -> Iterator[str]:
    """A page that shows the picture's messages, delivered by the real notifier."""
    with PretendSlack(clock=NOW.timestamp) as slack, DemoPage(slack) as page:
        slack.add_user("U0ANA00001", name="Ana")
        slack.add_user("U0ONCALL01", name="data-oncall")
        settings = Settings(slack=SlackSettings(bot_token=Secret(slack.token), api_url=slack.url))
        destination = Destination(kind=DestinationKind.SLACK, address="C0123456789")
        notifier = notifier_for(destination, settings)
        delivery = a_delivery(destination, digest=picture.digest)
        receipt = notifier.send(delivery, root=None)
        for note in picture.notes:
            notifier.send(a_note(destination, digest=picture.digest, note=note), root=receipt)
        yield page.url


@contextmanager
def mail_page(picture: Picture) -> Iterator[str]:
    """The mail, as it arrives."""
    with Mailbox() as mailbox, tempfile.TemporaryDirectory() as directory:
        smtp = SmtpSettings(host="127.0.0.1", port=mailbox.port)
        email = EmailSettings(smtp=smtp, sender=Sender(address="jobmon@example.com", name="jobmon"))
        destination = Destination(kind=DestinationKind.EMAIL, address="oncall@example.com")
        delivery = a_delivery(destination, digest=picture.digest)
        notifier_for(destination, Settings(email=email)).send(delivery, root=None)
        html = Path(directory) / "mail.html"
        html.write_text(mailbox.messages[0].html, encoding="utf-8")
        yield html.as_uri()


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
    taken = [picture for picture in pictures() if not wanted or picture.name in wanted]
    FOLDER.mkdir(parents=True, exist_ok=True)
    for picture in taken:
        page = mail_page(picture) if picture.is_mail else slack_page(picture)
        with page as url:
            target = FOLDER / f"{picture.name}.png"
            photograph(url, target, width=picture.width, height=picture.height)
            print(target)
    keep_words(taken)


if __name__ == "__main__":
    main()
