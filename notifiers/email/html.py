"""The HTML of a mail: tables and inline styles, which classic Outlook understands too."""

from collections.abc import Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from notifiers.standing import OVER, Standing
from notifiers.story import Story
from notifiers.text import quoted_names

SANS = "Arial,Helvetica,sans-serif"
MONO = "Consolas,Menlo,'Courier New',monospace"

COLOURS: Mapping[Standing, str] = {
    Standing.FAILED: "#c62828",
    Standing.PARTIAL: "#e09400",
    Standing.ACKNOWLEDGED: "#6b7280",
    Standing.REPAIRING: "#1d4ed8",
    Standing.MUTED: "#9ca3af",
    Standing.RESOLVED: "#2e7d32",
    Standing.MERGED: "#9ca3af",
}


def html_of(story: Story, *, preheader: str, sent_because: str) -> str:
    """The whole story; everything is escaped, and nothing is fetched from anywhere."""
    resolved = story.standing in OVER
    causes = story.causes[:1] if resolved else story.causes
    facts = " · ".join(fact for fact in (*story.counts, story.duration, *story.tries) if fact)
    return _template().render(
        story=story,
        causes=causes,
        resolved=resolved,
        colour=COLOURS[story.standing],
        facts=[line for line in (facts, *story.background) if line],
        preheader=preheader,
        sent_because=sent_because,
        sans=SANS,
        mono=MONO,
    )


def prose(text: str) -> Markup:
    """A sentence in which what stands in backticks is shown as code."""
    pieces = (
        Markup('<code style="font-family:{}">{}</code>').format(MONO, piece)
        if is_name
        else escape(piece)
        for piece, is_name in quoted_names(text)
    )
    return Markup("").join(pieces)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("notifiers.email"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["prose"] = prose
    return environment.get_template("mail.html.j2")
