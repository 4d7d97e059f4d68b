"""Recognising the same failure tomorrow: a hash of what stays the same about it.

Numbers, ids, times, hosts and temporary places change from run to run and are taken out;
names of types, conditions, tables, columns and modules stay, for they tell causes apart.
"""

import hashlib
import re

import re2

MAX_PART = 4_000
"""Characters of a part that count."""
LENGTH = 16

_UUID = r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"
_CLUSTER = r"\b\d{4}-\d{6}-[a-z0-9]{4,12}\b"
_TIME = (
    r"\b\d{2,4}[-/]\d{1,2}[-/]\d{1,4}[T ,;]+\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?"
    r"(?: ?(?:[AP]M|Z|UTC|GMT|[+-]\d{2}:?\d{2}))?|\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?"
)
_TEMPORARY = (
    r"(?:(?:dbfs|file):/*)?/(?:dbfs/|private/)?(?:tmp|var/tmp|var/folders|var/run|local_disk\d+|local/tmp|"
    r"databricks/tmp|scratch|dev/shm)/[^\s'\"`,;)\]>]*|[A-Za-z]:\\[^\s'\"`]*\\[Tt]e?mp\\[^\s'\"`]*"
)
_AUTHORITY = (
    r"\b((?:https?|jdbc:[a-z]+|spark|hdfs|wss?|grpcs?|tcp|amqps?|redis|kafka|thrift|ftp)://)"
    r"[^/\s'\"`<>]+"
)
_ADDRESS = (
    r"(?:\b\d{1,3}(?:\.\d{1,3}){3}|\b(?:[0-9a-fA-F]{1,4}:){4,7}[0-9a-fA-F]{1,4})"
    r"(?:/\d{1,2})?(?::\d{1,5})?\b"
)
_HOST = (
    r"\b(?:[A-Za-z0-9][A-Za-z0-9_-]*\.)+"
    r"(?:com|net|org|io|internal|local|localdomain|cloud|corp|lan|intra|dev|app|ai|gov|edu|eu|de|uk|us|cn)"
    r"(?::\d{1,5})?([^\w.]|\.\s|\.?$)"
)
_HEX = r"\b0[xX][0-9a-fA-F]+\b|\b[0-9a-fA-F]{8,}\b"
_LETTERS_AND_DIGITS = r"[A-Za-z0-9+=]{16,}"
# How a message begins that a driver or a log quotes whole: `(1146, "…`, `('42S02', "…`.
_QUOTES_MESSAGE = (
    r"(\((?:-?\d{1,6}|<n>|'\w{1,8}'), ?[\"']"
    r"|[\"'](?:message|msg|event|error|detail|log)[\"']\s?:\s?[\"'])"
)
_QUOTED = re2.compile(rf"{_QUOTES_MESSAGE}|(^|[\s(=:,\[{{])('[^'\n]+'|\"[^\"\n]+\"|`[^`\n]+`)")
_LONG = 40
"""Characters from which on what is quoted is a value rather than a name."""
_LONG_QUOTED = re.compile(
    "|".join(rf"{quote}[^{quote}\n]{{{_LONG},}}{quote}" for quote in ("'", '"', "`"))
)
# None is a type, a level, a number or a member of an object.
_WORD = re.compile(r"(?<!\S)[^\W\d_][^\W\d_A-Z]*(?!\S)")
_SENTENCE = 2
"""Words that make one: what is quoted in it is what it is about."""
# However long: a path, a table, a key. No word of it is as long as a token.
_NAME = re.compile(r"(?:[^\W_]{0,39}[_.:/@$<>-])+[^\W_]{0,39}")
_REQUEST = (
    r"(?i)\b((?:ext(?:ended)? )?(?:request|req|trace|correlation|session|query)[ _-]?id)(\W{1,3})"
    r"[\w/+=-]{6,}"
)
# Long ones are taken out before; `0.12345678` is a number as `0.5` and `5e-05` are.
_NUMBER = r"(?:\d+|<n>)(?:[.,:](?:\d+|<n>))*(?:[eE][+-]?\d{1,3}\b)?"


def _without_values(text: str) -> str:
    """Take out long quoted values; where hardly a word stands around them they are what is said."""
    if _LONG_QUOTED.search(text) is None:
        return text
    without = str(_QUOTED.sub(_value, text))
    if without == text:
        return text
    around = _WORD.findall(_QUOTED.sub(" ", text))
    return without if len(around) >= _SENTENCE else text


def _value(match: "re2._Match[str]") -> str:
    """Take out a long value; what quotes a message stays, and so does a name."""
    before_message, before, quoted = match.groups()
    if before_message is not None or len(quoted) < _LONG + 2 or _NAME.fullmatch(quoted[1:-1]):
        return str(match.group())
    return f"{before}'<value>'"


_STEPS = tuple(
    (needed, re2.compile(pattern), replacement)
    for needed, pattern, replacement in (
        (("-",), _UUID, "<id>"),
        (("-",), _CLUSTER, "<id>"),
        ((":",), _TIME, "<time>"),
        (("/", "\\"), _TEMPORARY, "<tmp>"),
        (("://",), _AUTHORITY, r"\1<host>"),
        ((".", ":"), _ADDRESS, "<host>"),
        ((".",), _HOST, r"<host>\1"),
        (("id", "ID", "Id", "iD"), _REQUEST, r"\1\2<id>"),
    )
)
"""What a text must hold one of, what then is looked for, and what stands for it afterwards."""
# Read once, a word by a word: the standard library's are as linear here, in a quarter of the time.
_HEX_WORDS = re.compile(_HEX, re.ASCII)
_TOKENS = re.compile(_LETTERS_AND_DIGITS)
_NUMBERS = re.compile(_NUMBER, re.ASCII)
_DIGIT = re.compile("[0-9]")


def normalise(text: str) -> str:
    """Take out of a text what changes from run to run."""
    text = text[:MAX_PART]
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    for needed, pattern, replacement in _STEPS:
        if any(part in text for part in needed):
            text = pattern.sub(replacement, text)
    text = _without_values(text)
    if _DIGIT.search(text):
        text = _HEX_WORDS.sub(_number_if_digits, text)
        text = _TOKENS.sub(_number_if_digits, text)
        text = _NUMBERS.sub("<n>", text)
    return " ".join(text.split())


def fingerprint(*said: str, rule: str = "") -> str:
    """Hash a rule's code and the normalised rest: 16 hexadecimal characters, the same anywhere."""
    joined = "\x1f".join((rule, *(normalise(part) for part in said)))
    return hashlib.sha256(joined.encode()).hexdigest()[:LENGTH]


def _number_if_digits(match: re.Match[str]) -> str:
    word = match.group()
    return "<n>" if any(character.isdigit() for character in word) else word
