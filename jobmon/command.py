"""What people type after `/jobmon`: text in, an action or a helpful answer out. Pure."""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches

from jobmon.action import OF_A_RUN, ActionKind
from jobmon.ids import run_named, workspace_named
from jobmon.words import words_of

USAGE: dict[ActionKind, str] = {
    ActionKind.RERUN: "rerun [RUN|job|incident] [--all] [--tasks a,b] [--params k=v]",
    ActionKind.RUN: "run JOB [--params k=v]",
    ActionKind.STATUS: "status [JOB|RUN]",
    ActionKind.DIAGNOSE: "diagnose RUN",
    ActionKind.RUNS: "runs [JOB]",
    ActionKind.CANCEL: "cancel RUN",
    ActionKind.ACKNOWLEDGE: "ack [job|incident]",
    ActionKind.MUTE: "mute [job|incident] [--cause] [for 4h | until changed]",
    ActionKind.UNMUTE: "unmute [job|incident|cause]",
    ActionKind.MUTES: "mutes",
    ActionKind.INCIDENTS: "incidents",
    ActionKind.HELP: "help",
}
DOES: dict[ActionKind, str] = {
    ActionKind.RERUN: "repairs the run: what failed runs again in it; the whole job with `--all`",
    ActionKind.RUN: "starts a job",
    ActionKind.STATUS: "what broke; alone, what is open here",
    ActionKind.DIAGNOSE: "each cause of a run in full",
    ActionKind.RUNS: "the newest runs",
    ActionKind.CANCEL: "asks a run to stop",
    ActionKind.ACKNOWLEDGE: "you look after it",
    ActionKind.MUTE: "says no more of it; with `--cause`, of its cause in all jobs",
    ActionKind.UNMUTE: "says it again",
    ActionKind.MUTES: "what is muted",
    ActionKind.INCIDENTS: "what is open in all channels",
    ActionKind.HELP: "this list",
}
OPTIONS: dict[ActionKind, tuple[str, ...]] = {
    ActionKind.RERUN: ("--all", "--tasks", "--params"),
    ActionKind.RUN: ("--params",),
    ActionKind.MUTE: ("--cause",),
}
"""What a command takes besides its words; another command's option changes its meaning."""
NEEDS_TARGET = frozenset({ActionKind.RUN, ActionKind.DIAGNOSE, ActionKind.CANCEL})
MAX_TEXT = 2000
DEFAULT_MUTE_MINUTES = 24 * 60
LONGEST_MUTE_MINUTES = 90 * 24 * 60
_DURATION = re.compile(r"(\d{1,5})\s*(m|min|minutes?|h|hours?|d|days?)", re.ASCII)
_LIKE_A_DURATION = re.compile(rf"{_DURATION.pattern}|\d{{1,5}}(hrs?|w|weeks?)", re.ASCII)
_MINUTES = {"m": 1, "h": 60, "d": 24 * 60}
_DASHES = re.compile(r"[–—]{1,2}-?(?=[a-z])")
"""What phones, and Slack, make of two hyphens."""

EXAMPLE = "Nightly ETL"
TOO_LONG = (
    "Nothing was done: a command has at most {most} characters, and this one has {count}. Put long "
    "values where the job reads them, a file or a table, and give it the name of that; or start "
    "the job in Databricks."
)
NO_PARTNER = (
    "Nothing was done: a quotation mark has no partner. What has spaces goes between two: "
    f'`run "{EXAMPLE}" --params "day=last monday"`. A mark that belongs to a name goes between two '
    """of the other kind: `run "Ana's job"`."""
)
TERMS = (
    "A mute lasts for minutes, hours or days, 90 days at most, or until the cause changes: "
    "`mute for 30m`, `mute for 4h`, `mute for 2d`, `mute until changed`."
)
WANTS_FOR = (
    "How long a mute lasts stands behind `for`: `mute for 4h`, `mute JOB for 4h`. A job that is "
    "called like that is muted by its id, or by the incident's."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command that was understood."""

    kind: ActionKind
    target: str = ""
    workspace_id: int | None = None
    """Of the run's page that was given as the target."""
    tasks: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    everything: bool = False
    duration_minutes: int | None = None
    until_changed: bool = False
    by_cause: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstood:
    """Why a command was not understood, and what to type instead."""

    answer: str


@dataclass(slots=True)
class _Options:
    words: list[str] = field(default_factory=list)
    tasks: tuple[str, ...] = ()
    parameters: list[tuple[str, str]] = field(default_factory=list)
    everything: bool = False
    by_cause: bool = False


def parse_command(text: str) -> Command | NotUnderstood:
    """Read a command; an empty one asks for help, a typo is answered with the nearest command."""
    if len(text) > MAX_TEXT:
        return NotUnderstood(answer=TOO_LONG.format(most=MAX_TEXT, count=len(text)))
    words = words_of(text)
    if words is None:
        return NotUnderstood(answer=NO_PARTNER)
    name = words[0].lower() if words else "help"
    names = [kind.value for kind in USAGE]
    if name not in names:
        begun = [known for known in names if name.startswith(known) or known.startswith(name)]
        nearest = begun or get_close_matches(name, names, n=1, cutoff=0.5)
        hint = f"Did you mean `{nearest[0]}`? " if nearest else ""
        return NotUnderstood(answer=f"There is no such command. {hint}Try `help`.")
    kind = ActionKind(name)
    options = _options(kind, words[1:])
    if isinstance(options, NotUnderstood):
        return options
    if kind is ActionKind.MUTE:
        return _mute(options)
    if len(options.words) > 1 or (kind in NEEDS_TARGET and not options.words):
        return _other_words(kind, options.words)
    target = options.words[0] if options.words else ""
    return Command(
        kind=kind,
        target=run_named(target) if kind in OF_A_RUN else target,
        workspace_id=workspace_named(target) if kind in OF_A_RUN else None,
        tasks=options.tasks,
        parameters=tuple(options.parameters),
        everything=options.everything,
    )


def help_text() -> str:
    """All commands, one a line, with what each does."""
    lines = [f"`{usage}`: {DOES[kind]}" for kind, usage in USAGE.items()]
    return "\n".join(
        (
            "`rerun`, `ack`, `mute` alone mean the latest open incident, `unmute` the muted one.",
            f'A name with spaces goes in quotes: `run "{EXAMPLE}"`.',
            *lines,
        )
    )


def _other_words(kind: ActionKind, words: list[str], *, term: str = "") -> NotUnderstood:
    """What to type where other words stand than the command takes; repeats none of them."""
    is_name = len(words) > 1 and not all(word.isdecimal() for word in words)
    if is_name and "job" in USAGE[kind].lower():
        right = f'`{kind} "{EXAMPLE}"{term}`'
        return NotUnderstood(answer=f"A name with spaces goes in quotes: {right}")
    return NotUnderstood(answer=f"Type it like this: `{USAGE[kind]}`")


def _options(kind: ActionKind, words: list[str]) -> _Options | NotUnderstood:
    found = _Options()
    rest = iter(words)
    for word in rest:
        dashes = _DASHES.match(word)
        straight = f"--{word[dashes.end() :]}" if dashes else word
        option, has_value, value = straight.partition("=")
        owners = [owner for owner, options in OPTIONS.items() if option in options]
        if owners and kind not in owners:
            return NotUnderstood(answer=_of_others(kind, option, owners))
        match option:
            case "--all" if not has_value:
                found.everything = True
            case "--cause" if not has_value:
                found.by_cause = True
            case "--tasks":
                listed = value if has_value else next(rest, "")
                keys = tuple(key for key in listed.split(",") if key)
                found.tasks += keys
                if not keys:
                    return NotUnderstood(answer="`--tasks` wants task keys: `--tasks load,train`")
            case "--params":
                pair = value if has_value else next(rest, "")
                name, equals, given = pair.partition("=")
                if not (name and equals):
                    return NotUnderstood(answer="`--params` wants a value: `--params day=monday`")
                found.parameters.append((name, given))
            case _ if option.startswith("--"):
                return NotUnderstood(
                    answer="There is no such option. Use `--all`, `--tasks a,b`, `--params k=v` or "
                    "`--cause`."
                )
            case _:
                found.words.append(word)
    return found


def _of_others(kind: ActionKind, option: str, owners: list[ActionKind]) -> str:
    return f"`{option}` goes with {' and '.join(owners)}. Type it like this: `{USAGE[kind]}`"


def _mute(options: _Options) -> Command | NotUnderstood:
    words = options.words
    begins = [place for place, word in enumerate(words) if word in {"for", "until"}]
    names, term = (words[: begins[-1]], words[begins[-1] :]) if begins else (words, [])
    last = (*names[-1:], "".join(names[-2:]))
    if any(_LIKE_A_DURATION.fullmatch(word.lower()) for word in last):
        return NotUnderstood(answer=WANTS_FOR)
    if len(names) > 1:
        return _other_words(ActionKind.MUTE, names, term=" for 4h")
    match term:
        case []:
            minutes: int | None = DEFAULT_MUTE_MINUTES
        case ["until", "changed"]:
            minutes = None
        case ["for", *duration]:
            minutes = _minutes("".join(duration))
            if minutes is None:
                return NotUnderstood(answer=TERMS)
        case _:
            return NotUnderstood(answer=TERMS)
    return Command(
        kind=ActionKind.MUTE,
        target=names[0] if names else "",
        duration_minutes=minutes,
        until_changed=minutes is None,
        by_cause=options.by_cause,
    )


def _minutes(text: str) -> int | None:
    match = _DURATION.fullmatch(text.lower())
    if match is None:
        return None
    minutes = int(match[1]) * _MINUTES[match[2][0]]
    return minutes if 0 < minutes <= LONGEST_MUTE_MINUTES else None
