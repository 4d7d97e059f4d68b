"""Secrets that are settings: of Spark, of a cluster, in XML, in lists of names and values."""

import re

import re2

from jobmon.ordinary_values import (
    MIN_SECRET_IN_CODE,
    has_letter_and_digit,
    is_a_name,
    is_ordinary,
)
from jobmon.secret_shapes import REDACTED
from jobmon.secret_values import KEY, QUOTED, parts, unless_ordinary

# `.option("password", "…")`, `spark.conf.set("fs.s3a.secret.key", "…")`: so Spark is told.
SETTING = re2.compile(
    r"(?i)((?:option|config|set|setconf|setproperty|setifmissing|put|header|addheader)\s*\(\s*\\*[\"']"
    rf"{KEY}\\*[\"']\s*,\s*)({QUOTED})"
)

# `('spark.hadoop.fs.s3a.secret.key', '…')`: so `getConf().getAll()` prints it.
PAIR = re2.compile(rf"(?i)((?:^|[^\w])\(\s*\\*[\"']({KEY})\\*[\"']\s*,\s*)({QUOTED})")
PASSWORD = re.compile("(?i)pass|pwd")  # people put these together from words

# A cluster's configuration has a blank between a key and its value, and nothing behind it.
LINE = re2.compile(
    rf"(?im)((?:^|[^\w.-]|\\[nrt])(?:spark|fs|hadoop|javax?)\.{KEY}[ \t]+)([^\s\"'\\]+)"
    r"([ \t]*(?:$|\\[nr]|[\"']))?"
)

_TAG = rf"(?:[\w-]+:)?{KEY}(?:\s[^<>]*)?"
_NAME_AND_VALUE = rf"(?:name|key)>\s*{KEY}\s*</(?:name|key)>\s*<(?:value|string)"
_NAMED_TAG = (
    rf"[\w:-]+\s(?:[^<>]*\s)?(?:name|key)\s*=\s*\\*[\"']{KEY}\\*[\"'](?:\s(?:[^<>]*[^<>/])?)?"
)
ELEMENT = re2.compile(
    rf"(?i)(<(?:{_TAG}|{_NAMED_TAG}|{_NAME_AND_VALUE})>\s*(?:<!\[CDATA\[)?)([^<>\s](?:[^<>]*[^<>\s\]])?)"
    r"(\s*(?:\]\]>\s*)?</)"
)

# `{"name": "DB_PASSWORD", "value": "…"}`; XML's attributes; a container's environment in YAML.
NAME_AND_VALUE = re2.compile(
    rf"(?i)(\b(?:name|key)\\*['\"]?\s*[:=]\s*\\*['\"]?{KEY}\\*['\"]?(?:\s*,\s*|(?:\s|\\[nr])+)\\*['\"]?"
    rf"value\\*['\"]?\s*[:=]\s*)(\[redacted\]|{QUOTED}|[^\s'\",;&<>)\]}}\\]+)"
)


def without_settings(text: str) -> str:
    """The text with the values of settings replaced whose names are those of secrets."""
    if "(" in text and "," in text:
        text = PAIR.sub(_pair, SETTING.sub(unless_ordinary, text))
    if "</" in text:
        text = ELEMENT.sub(_element, text)
    text = LINE.sub(_line, text)
    return str(NAME_AND_VALUE.sub(unless_ordinary, text))


def _pair(found: re.Match[str]) -> str:
    """`IN ('password', 'email')` has two names and no value, as a column of two levels has."""
    before, key, value = found.groups()
    opening, secret, closing = parts(value)
    is_key = len(secret) >= MIN_SECRET_IN_CODE and has_letter_and_digit(secret)
    is_given = is_key and (bool(PASSWORD.search(key)) or not is_a_name(secret))
    if not ("." in key or is_given) or is_ordinary(secret):
        return str(found.group(0))
    return f"{before}{opening}{REDACTED}{closing}"


def _line(found: re.Match[str]) -> str:
    before, value, end = found.groups()
    is_key = len(value) >= MIN_SECRET_IN_CODE and has_letter_and_digit(value)
    if is_ordinary(value) or (end is None and not is_key):
        return str(found.group(0))
    return f"{before}{REDACTED}{end or ''}"


def _element(found: re.Match[str]) -> str:
    before, value, after = found.groups()
    return str(found.group(0)) if is_ordinary(value) else f"{before}{REDACTED}{after}"
