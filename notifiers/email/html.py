"""The HTML of a mail: tables and inline styles, which classic Outlook understands too."""

from collections.abc import Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from notifiers.standing import OVER, Standing
from notifiers.story import Story
from notifiers.text import counted, runs_of

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
    facts = " · ".join(fact for fact in (*story.counts, story.duration, *story.tries) if fact)
    causes = story.causes[:1] if resolved else story.causes
    return _template().render(
        story=story,
        causes=causes,
        resolved=resolved,
        colour=COLOURS[story.standing],
        small_print=[line for line in (facts, *story.background) if line],
        preheader=preheader,
        sent_because=sent_because,
        sans=SANS,
        mono=MONO,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("notifiers.email"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["prose"] = _prose
    environment.filters["counted"] = counted
    return environment.get_template("mail.html.j2")


def _prose(text: str) -> Markup:
    """What stands in backticks is shown as code."""
    marked = Markup('<code style="font-family:{}">{}</code>')
    runs = (marked.format(MONO, run) if is_code else escape(run) for run, is_code in runs_of(text))
    return Markup("").join(runs)
