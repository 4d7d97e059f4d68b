"""Shows digests on the terminal, for the first start and for whoever runs without Slack."""

from collections.abc import Callable
from datetime import datetime
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from jobmon.clock import utc_now
from jobmon.digest import Delivery, Digest, Receipt
from jobmon.settings import Settings
from notifiers.standing import OVER, Standing
from notifiers.story import CauseStory, Room, Story, story_of
from notifiers.text import counted

ROOM = Room(causes=6, excerpt_lines=8, line=300, sentence=500, background=6)

COLOURS = {
    Standing.FAILED: "red",
    Standing.PARTIAL: "yellow",
    Standing.ACKNOWLEDGED: "cyan",
    Standing.REPAIRING: "blue",
    Standing.MUTED: "bright_black",
    Standing.RESOLVED: "green",
    Standing.MERGED: "bright_black",
}


class ConsoleNotifier:
    """Prints a panel for each message; nothing is ever markup."""

    name = "console"

    def __init__(
        self, console: Console | None = None, *, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._console = console or Console(stderr=True, markup=False, highlight=False)
        self._clock = clock

    @classmethod
    def from_settings(cls, _settings: Settings) -> Self:
        """On standard error."""
        return cls()

    def send(self, delivery: Delivery, *, root: Receipt | None) -> Receipt:  # noqa: ARG002
        """Print; there is nothing to edit on a terminal, so each change is printed anew."""
        self._console.print(panel_of(delivery.digest))
        return Receipt(
            delivery_id=delivery.delivery_id,
            destination=delivery.destination,
            message_id=delivery.delivery_id,
            sent_at=self._clock(),
        )

    def find(
        self,
        delivery: Delivery,  # noqa: ARG002 (the protocol's)
        *,
        root: Receipt | None,  # noqa: ARG002
        since: datetime,  # noqa: ARG002
    ) -> Receipt | None:
        """A terminal does not remember: print again."""
        return None


def panel_of(digest: Digest) -> Panel:
    """A digest as it fits a terminal of 80 columns."""
    story = story_of(digest, room=ROOM)
    parts: list[RenderableType] = []
    if story.line:
        parts.append(Text(f"{story.line}.", style="bold"))
    parts += [Text(line) for line in story.instead]
    resolved = story.standing in OVER
    for number, cause in enumerate(story.causes[:1] if resolved else story.causes):
        parts += [_sentence(cause)]
        parts += [] if resolved else _details(cause, main=number == 0)
    if story.more_causes and not resolved:
        parts.append(Text(f"and {counted(story.more_causes, 'more cause')}"))
    parts.append(Text("\n".join(_facts(story)), style="dim"))
    colour = COLOURS[story.standing]
    title = Text(f" {story.sign} {story.headline} ", style=f"bold {colour}")
    return Panel(Group(*parts), title=title, title_align="left", border_style=colour)


def _sentence(cause: CauseStory) -> Text:
    return Text().append(f"{cause.count}: ", style="bold").append(cause.sentence)


def _details(cause: CauseStory, *, main: bool) -> list[RenderableType]:
    detail = " · ".join(part for part in (cause.kind, cause.names, *cause.notes) if part)
    parts: list[RenderableType] = [
        Text(line, style="dim") for line in (cause.place, detail) if line
    ]
    if main or not cause.recognised:
        lines = [f"  {line}" for line in cause.excerpt]
        lines += [f"  … {counted(cause.excerpt_cut, 'more line')}"] if cause.excerpt_cut else []
        parts.append(Text("\n".join(lines), style="yellow"))
    advice = Text()
    if cause.remedy:
        advice.append("Next: ", style="bold").append(f"{cause.remedy} ")
    return [*parts, advice.append(cause.rerun, style="bold"), Text()]


def _facts(story: Story) -> list[str]:
    facts = " · ".join(
        fact for fact in (story.run, *story.counts, story.duration, *story.tries) if fact
    )
    return [line for line in (facts, *story.background, story.run_url) if line]
