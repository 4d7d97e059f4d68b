"""The pictures of docs/pictures: what each shows, and in which words.

The words are kept beside the pictures (`words.json`), so that it is noticed when a picture shows
what jobmon does not say any more.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from jobmon.digest import Digest, Note
from notifiers.email.message import ROOM
from notifiers.email.plain import plain_of
from notifiers.slack.blocks import root_message
from notifiers.story import story_of
from tests.support import example_digests as examples
from tests.support.blocks import shown_text

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
WORDS = FOLDER / "words.json"
DESKTOP, PHONE = 760, 390


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One file: what is shown, and how large the window is."""

    name: str
    digest: Digest
    width: int = DESKTOP
    height: int = 520
    notes: tuple[Note, ...] = ()

    @property
    def is_mail(self) -> bool:
        """Whether it shows a mail, and not a message in Slack."""
        return self.name.startswith("mail")


def pictures() -> tuple[Picture, ...]:
    """All of them."""
    many, several = examples.many_tasks_one_cause(), examples.several_causes()
    return (
        Picture(name="slack-open", digest=many, height=480),
        Picture(name="slack-open-phone", digest=many, width=PHONE, height=712),
        Picture(name="slack-several-causes", digest=several, height=545),
        Picture(name="slack-unknown", digest=examples.not_recognised(), height=305),
        Picture(name="slack-partial", digest=examples.partial_success(), height=390),
        Picture(name="slack-acknowledged", digest=examples.acknowledged(), height=478),
        Picture(name="slack-repairing", digest=examples.repairing(), height=450),
        Picture(name="slack-regressed", digest=examples.regressed(), height=500),
        Picture(name="slack-new-code", digest=examples.new_code(), height=485),
        Picture(
            name="slack-platform",
            digest=examples.platform(),
            height=557,
            notes=examples.platform_thread(),
        ),
        Picture(name="slack-muted", digest=examples.muted(), height=475),
        Picture(
            name="slack-resolved",
            digest=examples.resolved(),
            height=835,
            notes=examples.thread(),
        ),
        Picture(name="mail", digest=several, width=700, height=770),
        Picture(name="mail-phone", digest=several, width=PHONE, height=1030),
    )


def words_of(picture: Picture) -> list[str]:
    """What the picture says, line by line."""
    if picture.is_mail:
        return plain_of(story_of(picture.digest, room=ROOM), sent_because="").splitlines()
    told = [shown_text([block]) for block in root_message(picture.digest).blocks]
    return [*told, *(note.text for note in picture.notes)]


def kept_words() -> dict[str, list[str]]:
    """The words of each picture when it was taken."""
    kept: dict[str, list[str]] = json.loads(WORDS.read_text()) if WORDS.exists() else {}
    return kept


def keep_words(taken: list[Picture]) -> None:
    """Write down what these pictures say; forget those that are no more."""
    words = kept_words() | {picture.name: words_of(picture) for picture in taken}
    kept = {picture.name: words.get(picture.name, []) for picture in pictures()}
    WORDS.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")
