"""What people type after `/jobmon`: text in, an action or a helpful answer out. Pure."""

import re
import shlex
from dataclasses import dataclass, field
from difflib import get_close_matches

from jobmon.action import ActionKind

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
NEEDS_TARGET = frozenset({ActionKind.RUN, ActionKind.DIAGNOSE, ActionKind.CANCEL})
MAX_TEXT = 2000
DEFAULT_MUTE_MINUTES = 24 * 60
LONGEST_MUTE_MINUTES = 90 * 24 * 60
_DURATION = re.compile(r"(\d{1,5})\s*(m|min|minutes?|h|hours?|d|days?)", re.ASCII)
_MINUTES = {"m": 1, "h": 60, "d": 24 * 60}


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command that was understood."""

    kind: ActionKind
    target: str = ""
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
    words = _words(text[:MAX_TEXT])
    name = words[0].lower() if words else "help"
    names = [kind.value for kind in USAGE]
    if name not in names:
        begun = [known for known in names if name.startswith(known) or known.startswith(name)]
        nearest = begun or get_close_matches(name, names, n=1, cutoff=0.5)
        hint = f"Did you mean `{nearest[0]}`? " if nearest else ""
        return NotUnderstood(answer=f"There is no such command. {hint}Try `help`.")
    kind = ActionKind(name)
    options = _options(words[1:])
    if isinstance(options, NotUnderstood):
        return options
    if kind is ActionKind.MUTE:
        return _mute(options)
    if options.by_cause:
        return NotUnderstood(answer=f"`--cause` goes with mute: `{USAGE[ActionKind.MUTE]}`")
    if len(options.words) > 1 or (kind in NEEDS_TARGET and not options.words):
        return NotUnderstood(answer=f"Type it like this: `{USAGE[kind]}`")
    return Command(
        kind=kind,
        target=options.words[0] if options.words else "",
        tasks=options.tasks,
        parameters=tuple(options.parameters),
        everything=options.everything,
    )


def help_text() -> str:
    """All commands, one a line."""
    lines = [f"`{usage}`" for usage in USAGE.values()]
    return "\n".join(
        (
            "With no run, job or incident named, the latest open incident is meant.",
            "`status` alone lists what is open here.",
            "`mute --cause` mutes its cause in all jobs; `mutes` lists what is muted.",
            *lines,
        )
    )


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # a quotation mark without its pair
        return text.split()


def _options(words: list[str]) -> _Options | NotUnderstood:
    found = _Options()
    rest = iter(words)
    for word in rest:
        match word:
            case "--all":
                found.everything = True
            case "--cause":
                found.by_cause = True
            case "--tasks":
                found.tasks = tuple(key for key in next(rest, "").split(",") if key)
                if not found.tasks:
                    return NotUnderstood(answer="`--tasks` wants task keys: `--tasks load,train`")
            case "--params":
                name, equals, value = next(rest, "").partition("=")
                if not (name and equals):
                    return NotUnderstood(answer="`--params` wants a value: `--params day=monday`")
                found.parameters.append((name, value))
            case _ if word.startswith("--"):
                return NotUnderstood(
                    answer="There is no such option. Use `--all`, `--tasks a,b`, `--params k=v` or "
                    "`--cause`."
                )
            case _:
                found.words.append(word)
    return found


def _mute(options: _Options) -> Command | NotUnderstood:
    words = options.words
    usage = NotUnderstood(answer=f"Type it like this: `{USAGE[ActionKind.MUTE]}`")
    target = words.pop(0) if words and words[0] not in {"for", "until"} else ""
    match words:
        case []:
            minutes: int | None = DEFAULT_MUTE_MINUTES
        case ["until", "changed"]:
            minutes = None
        case ["for", *duration]:
            minutes = _minutes("".join(duration))
            if minutes is None:
                return usage
        case _:
            return usage
    return Command(
        kind=ActionKind.MUTE,
        target=target,
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
