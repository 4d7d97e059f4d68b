"""Seeing through what other programs put in front of an error line.

Quoting marks, timestamps, levels, thread and logger names are looked through when a line is
read; the line that is quoted to people keeps them.
"""

from dataclasses import dataclass
from enum import IntEnum

import re2

from rules.causes.clean_text import decoded
from rules.causes.elements import without_element
from rules.causes.exception_names import is_exception_name
from rules.causes.labels import MAX_SERVICE, without_service, without_step
from rules.causes.states import without_heading, without_state

MAX_LINE = 2_000
"""Characters of a line that are examined; the quoted line is never cut."""


class Level(IntEnum):
    """How loudly a line was logged; `NONE` for a line that says nothing about it."""

    DEBUG = 0
    INFO = 1
    WARN = 2
    NONE = 3
    ERROR = 4


@dataclass(frozen=True, slots=True)
class Peeled:
    """What a line says once its prefixes are looked through."""

    body: str
    level: Level = Level.NONE
    logged: bool = False
    """It begins with a timestamp, level or another program's mark."""
    prefix: str = ""
    """What was looked through, with its digits made alike."""


LEVELS = {
    "trace": Level.DEBUG,
    "debug": Level.DEBUG,
    "info": Level.INFO,
    "notice": Level.INFO,
    "warn": Level.WARN,
    "warning": Level.WARN,
    "error": Level.ERROR,
    "err": Level.ERROR,
    "critical": Level.ERROR,
    "crit": Level.ERROR,
    "severe": Level.ERROR,
    "fatal": Level.ERROR,
}
# Airflow shows its log in the time of the page that it is read on.
_ZONES = "UTC|GMT|WES?T|BST|CES?T|EES?T|MSK|IST|SGT|HKT|WIB|JST|KST|A[CEW][DS]T|NZ[DS]T|[ECMP][DS]T"
_TIME = (
    r"(?:[\[(<]?\d{2,4}[-/.]\d{1,2}[-/.]\d{2,4}[T ,;_]+(?:at )?"
    r"\d{1,2}:\d{2}(?::\d{2}(?:[.,:]\d+)?)?"
    rf"(?:\s?[AP]M)?\s?(?:Z|(?:{_ZONES})\b|[+-]\d{{2}}(?::?\d{{2}})?\b)?[\])>]?[\s:;,|-]*"
    r"|[\[(]?\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?[\])]?[\s:;,|-]+"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +\d+ [\d:]+ (?:[A-Z]{3,4} )?\d{4}[\s:]*"
    r"|[A-Z][a-z]{2} +\d{1,2} \d{2}:\d{2}:\d{2} )"
)
_PROCESS = r"[a-z][\w.-]{0,40}\[\d+\]:(?: |$)"
# Threads, loggers and places; an error condition in brackets has capitals and is none of them.
_MARK = (
    r"(?:\[[a-z][\w .:/@#$-]{0,60}\]:?(?:\s+|$)|\[(?:Main)?Thread[\w-]*[^\]]{0,60}\]:?(?:\s+|$)"
    r"|\[\d[\d:.,TZ+ -]*\]:?\s*|\{[\w./-]{1,80}:\d+\}\s+|std(?:out|err) [FP](?: |$)"
    rf"|{_PROCESS})"
)
_LOUD = r"TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|CRITICAL|SEVERE|FATAL"
_ANY = rf"{_LOUD}|Warning|trace|debug|info|notice|warn|warning|error|critical|fatal"
_AFTER = r"(?:\s*[\])]|:|\b)(?:\s*(?:;|[:|-]+(?:\s|$)))?\s*"
# syslog and systemd's journal name the machine before the process: `ip-10-0-0-1 dockerd[812]: `.
_MACHINE = rf"(?:[\w.-]{{1,64}} {_PROCESS})?"
# vLLM prints `ERROR 07-11 15:03:48 [core.py:1229] `.
_DAY = r"(?:\d{2}-\d{2} \d{2}:\d{2}:\d{2} )?"
_NAME = r"\[?[\w.$/:-]{1,80}\]?"
_TIMED = re2.compile(
    rf"^\s*{_TIME}+{_MACHINE}{_MARK}*(?:"
    rf"(?:{_NAME} - )?(?:##)?[\[(]?\b(?P<level>{_ANY}){_AFTER}"
    rf"|{_NAME}\s+(?P<loud>{_LOUD})\b{_AFTER})?{_MARK}*"
)
_LEVELLED = re2.compile(rf"^\s*{_MARK}*(?:(?:##)?[\[(]?\b(?P<level>{_ANY}){_AFTER}{_DAY})?{_MARK}*")
# `distributed.client - ERROR - …`: Python's logging without a time.
_NAMED = re2.compile(rf"^[a-z][\w.]{{1,60}} - (?P<level>{_LOUD}) - ")
_NAMED_WIDTH = 80
# glog, as TensorFlow, torch and gRPC print it: `E0101 00:00:00.000000 1234 file.cc:12] `.
_GLOG = re2.compile(r"^([IWEF])\d{4} [\d:.]+\s+\d+ [^\]\s]{1,200}\] ")
_GLOG_LEVELS = {"I": Level.INFO, "W": Level.WARN, "E": Level.ERROR, "F": Level.ERROR}
_SPARK_TIME = re2.compile(r"\d{2}/\d{2}/\d{2} \d{2}:\d{2}:\d{2} ")
_LOGGER = re2.compile(r"^([\w.$\[\]/-]{1,150}(?:::[\w:]{1,80})?)(?:: |:\d+\s+|\s+- |:)")
_QUOTES = re2.compile(
    r"^\s*(?:(?:<br ?/?>|# MAGIC|-- MAGIC|E  |[>|│┃║]|#{1,4}|//|\*{1,4}|\[rank\d+\]:|"
    r"\(?[A-Za-z_][\w.]{0,40} pid=\d+(?:, ip=[\d.]+)?\)?)(?:\s+|\b|$)|--\s+)+"
)
# Emoji and dingbats, which programs of today print before their messages.
_PICTURES = re2.compile(r"^(?:[\x{2600}-\x{2BFF}\x{1F000}-\x{1FAFF}]\x{FE0F}?\s*)+")
_FIRST_PICTURE = "\u2600"
_QUOTE_STARTS = frozenset(">|│┃║#/*E-[(<")
_LOG_STARTS = frozenset("0123456789[(<#")
# Airflow logs what a process of an operator or the task's own code printed, as information
# whatever it says.
_RELAYED = re2.compile(
    r"\{(?:subprocess|process_utils|logging_mixin|spark_submit|spark_sql|hive|sqoop|beam"
    r"|bash_operator|docker|pod_\w+|ssh|ecs)\.py:\d+\} INFO - "
)
_DIGITS = str.maketrans("123456789", "000000000")
_LEVEL_WORDS = (
    "ERROR", "WARN", "INFO", "FATAL", "DEBUG", "CRITICAL", "SEVERE", "TRACE", "NOTICE",
    "error", "warning", "Warning", "Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun ",
    "Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec ",
    "Mai ", "Okt ", "Dez ",  # The journal speaks its machine's language.
    "fatal", "info ",
)  # fmt: skip
# `**ValueError**: …`: a type made bold by whoever pasted it.
_BOLD = re2.compile(r"^\*\*([A-Z][\w.]+)(?:\*\* ?:|:\*\*)")


def peel(line: str) -> Peeled:
    """Look through the quoting and log prefixes of a line."""
    body = decoded(line.strip())
    if body.startswith("[Stage"):
        body = _after_progress(body)
    body = body[:MAX_LINE]
    if body[:1] == "`":
        body = _uncoded(body)
    if body[:2] == "! " and _is_of_a_stack(body[2:]):
        body = body[2:]
    if body[:1] == "<":
        body = without_element(body)
    if not body:
        return Peeled("")
    if body.startswith("**"):
        body = _BOLD.sub(r"\1:", body)
    if body[0] in _GLOG_LEVELS and body[1:5].isdecimal():
        return _unglog(body)
    return _unwrap(line, body)


def is_quiet(line: str) -> bool:
    """Tell a line of a log, with a time, that is a warning or less."""
    match = _TIMED.match(line[:MAX_LINE].lstrip())
    return match is not None and peel(line).level in {Level.WARN, Level.INFO, Level.DEBUG}


def _unwrap(line: str, body: str) -> Peeled:
    level, logged = Level.NONE, False
    if body[:2] == "# " and "|" in body[1:MAX_SERVICE]:
        body = _unquote(body)  # A service's output pasted as a comment.
    if (rest := without_service(body)) != body:
        body, logged = rest, True
    if body[:1] == ">" and body[2:3] == "#":
        body = body[2:]
    if (rest := without_step(body)) != body:
        body, logged = rest, True
    for _ in range(2):
        if body[:1] in _QUOTE_STARTS:
            level = Level.ERROR if body.startswith("E  ") else level
            body = _unquote(body)
        if body[:1] >= _FIRST_PICTURE and (picture := _PICTURES.match(body)) is not None:
            body = body[picture.end() :]
        if body[:1] in _LOG_STARTS or body.startswith(_LEVEL_WORDS):
            rest, found = _unlog(body)
            logged = logged or rest != body
            body, level = rest, level if found is None or rest == body else found
        elif " - " in body[:_NAMED_WIDTH] and (named := _NAMED.match(body)) is not None:
            body, level, logged = body[named.end() :], LEVELS[named.group("level").lower()], True
    prefix = line[: line.rfind(body)].rstrip().translate(_DIGITS) if logged else ""
    return _without_words_around(Peeled(body, level, logged, prefix))


def _without_words_around(peeled: Peeled) -> Peeled:
    """Take off what stands round a message; what dbt's heading stood before is an error."""
    said = without_state(peeled.body)
    below = without_heading(said)
    is_error = below is not said and peeled.level is Level.NONE
    level = Level.ERROR if is_error else peeled.level
    return Peeled(below, level, peeled.logged, peeled.prefix)


def _is_of_a_stack(body: str) -> bool:
    """Tell what Dropwizard marks: the lines of a stack, its exceptions too."""
    return body.startswith(("at ", "... ", "Caused by: ")) or is_exception_name(
        body.partition(" ")[0].rstrip(":")
    )


def _uncoded(body: str) -> str:
    """Take off the backticks of a log whose lines, or whose first one, were pasted as code."""
    if body[1:2].isdigit():
        return body[1:]
    is_code = body[1:2] == "[" and body.endswith("`") and body.count("`") == len("``")
    return body[1:-1].strip() if is_code else body


def _after_progress(body: str) -> str:
    """Drop Spark's progress bars, which share a line with whatever is logged next."""
    rest = body[body.rfind("[Stage") :]
    match = _SPARK_TIME.search(rest)
    return rest[match.start() :] if match is not None else rest[rest.find("]") + 1 :].strip()


def _unglog(body: str) -> Peeled:
    match = _GLOG.match(body)
    if match is None:
        return Peeled(body)
    level, rest = _GLOG_LEVELS[match.group(1)], body[match.end() :].strip()
    return Peeled(rest, level, logged=True, prefix=level.name)


def _unquote(body: str) -> str:
    match = _QUOTES.match(body)
    if match is None or match.end() == 0:
        return body
    return body[match.end() :].lstrip()


def _unlog(body: str) -> tuple[str, Level | None]:
    match = _TIMED.match(body)
    if match is not None:
        word, rest = match.group("level") or match.group("loud"), body[match.end() :].strip()
        if word == "INFO" and ".py:" in match.group() and _RELAYED.search(match.group()):
            return rest, Level.NONE
        return (_without_logger(rest), LEVELS[word.lower()]) if word else (rest, None)
    match = _LEVELLED.match(body)
    if match is None or match.end() == 0:
        return body, None
    word, rest = match.group("level"), body[match.end() :].strip()
    if word is None:
        return rest, None
    if body.startswith((word + ": ", word + " ")) and word[0].islower():
        # `error: …` of a command line tool: the word belongs to the message.
        return body, Level.ERROR if word in {"error", "fatal"} else None
    return _without_logger(rest), LEVELS[word.lower()]


def _without_logger(rest: str) -> str:
    match = _LOGGER.match(rest)
    if match is None:
        return rest
    name = match.group(1)
    if is_exception_name(name) or (name.isupper() and "_" in name):
        return rest
    return rest[match.end() :].strip()
