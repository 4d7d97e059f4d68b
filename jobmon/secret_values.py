"""Secrets that stand behind a name: `password=…`, `'token': '…'`, `--api-key …`.

A name is followed by code, SQL and prose as often as by a secret. Quotes, the separator and the
value itself tell which it is; where they do not, it is taken for a secret.
"""

import re
from typing import NamedTuple

import re2

from jobmon.ordinary_values import (
    A_COUNT,
    A_FOLDER,
    A_SECRETS_NAME,
    CALL,
    MEMBER,
    MIN_SECRET_IN_CODE,
    NAMED_LIKE_ITS_KEY,
    OPTION,
    has_letter_and_digit,
    is_a_name,
    is_ordinary,
)
from jobmon.secret_shapes import REDACTED

# Keys by which secrets are given, at the end of a longer name too: `db_password`, `s3.secret.key`.
KEY = (
    r"(?:[\w.-]*(?:"
    r"passw(?:or)?[dt]|kennwort|passphrase|pwd|secret|token|api[_.-]?key|apikey"
    r"|access[_.-]?key(?:[_.-]?id)?|account[_.-]?key|accountkey|sharedaccesskey"
    r"|sharedaccesssignature|client[_.-]?secret|secret[_.-]?(?:access[_.-]?)?key|private[_.-]?key"
    r"|signing[_.-]?(?:key|secret)|encryption[_.-]?key|connection[_.-]?string|credentials?"
    r"|[_.-]pass)|pass|[\w.-]*account\.(?:key|oauth2\.client\.secret)\.[\w.-]+"
    r"|[\w.-]*azure\.sas\.[\w.-]+\.(?:blob|dfs)\.[\w.-]+)"
)

# A backslash belongs to a value unless it is the escape of a line's end or of a quote.
ESCAPED = r"\\+[^\s\"'\\nrt]"
_BARE = rf"(?:\[redacted\]|[^\s\"',;&|<>)\]}}\\]|{ESCAPED})+"


def _quoted(quote: str) -> str:
    """A literal with its end, else as much of one as a cut has left; then one inside a literal."""
    plain = rf"(?:[^{quote}\\\n]|\\.)*"
    nested = rf"(?:[^{quote}\\\n]|\\\\(?:\\[{quote}\\]|[^{quote}\\\n])|\\[^{quote}\\\n])*"
    deeper = rf"(?:[^{quote}\\\n]|\\+[^{quote}\\\n])*"
    return (
        rf"{quote}{plain}{quote}|{quote}{plain}"
        rf"|\\{quote}{nested}|\\{{2,}}{quote}{deeper}"
    )


QUOTED = rf"(?:[BbFfNnUu]{{0,2}}(?:{_quoted(chr(34))}|{_quoted(chr(39))}))"
OPENING = re.compile(r"[BbFfNnUu]{0,2}\\*[\"']")

_SEPARATOR = r"\s*(?::|=>|==?)\s*"

# Databases' drivers put what holds a `;` into braces; templates have names in them.
BRACED = re2.compile(r"(?i)((?:passw(?:or)?d|pwd|secret|token)=)(\{(?:[^{}\n]|\}\})+\})")
PLACEHOLDER = re.compile(
    r"(?i)^\{(?:\d*|[a-z_.]+|[\w.]*(?:passw|pwd|pw|secret|token|key|cred)\w*)"
    r"(?:[\[(][^;]*|![rsa]|(?:![rsa])?:[^;]*)?\}$"
)

# By these names other things are called too: only what looks like a key is one.
DOUBTFUL = re2.compile(
    r"(?i)((?:[_.-]pat|\bpat|app(?:lication)?[_.-]?key|(?:integration|routing|subscription|master)"
    rf"[_.-]?key)\\*['\"]?{_SEPARATOR}\\*['\"]?)([\w-]{{16,}}={{0,2}})"
)

# `.../token=2026-11/secret=1/`: folders of a table's partitions, where more of the path follows.
_PARTITIONS = r"(?:/[\w.-]*(?:secret|token|credentials?)=\d[\d_.-]{0,18})+(?:[/\s'\"\\,)\]]|$)"
A_FOLDER_OR_FILE = re.compile(r"(?:[\w-]|\[redacted\])+[/=.]")
NUMBER_IN_A_PATH = re.compile(r"=\d[\d_.-]*")

# `unexpected token: ')'` is a parser's; the name of a secret is none.
_PARSERS_OR_ARN = r"\bunexpected[ \t]+|\barn:[\w-]+:secretsmanager:[\w-]*:\d*:"
_GONE = (
    r"\s+(?:(?:was|is|could|does|do)\s+)?not\s+(?:be\s+)?(?:found|exist)"
    r"|\s+cannot\s+be\s+found|\s+is\s+missing"
)

# Of names in a row (`token: password: …`) the last one says what the value is.
ASSIGNMENT = re2.compile(
    rf"(?i){_PARTITIONS}"
    rf"|((?:({_PARSERS_OR_ARN})|(\b|--?|[?&;]\s*|\\[nrt]))"
    rf"((?:{KEY}\\*['\"]?{_SEPARATOR})*)({KEY})(\\*['\"]?)"
    rf"({_SEPARATOR}))(\[redacted\]|{QUOTED}|{_BARE})({_GONE})?"
)
A_WORD = re.compile(r"^[^\s=:'\"]*$")

# `"?token=" + token)`: the quote ends a literal that holds the name.
AFTER_A_LITERAL = frozenset(" \t)],;}.:")


def without_values(text: str) -> str:
    """The text with what stands behind names of secrets replaced."""
    if "={" in text:
        text = BRACED.sub(_braced, text)
    return str(DOUBTFUL.sub(_doubtful, ASSIGNMENT.sub(_assignment, text)))


def unless_ordinary(found: re.Match[str]) -> str:
    """Replace the value, the second group, after what stands before it; its quotes stay."""
    before, value = found.groups()
    opening, secret, closing = parts(value)
    if is_ordinary(secret) or OPTION.match(secret):
        return str(found.group(0))
    return f"{before}{opening}{REDACTED}{closing}"


def parts(value: str) -> tuple[str, str, str]:
    """The quote that opens a value, the secret, and the quote that closes it, if any."""
    found = OPENING.match(value)
    if not found:
        return "", value, ""
    opening, rest = found.group(0), value[found.end() :]
    is_closed = "\\" not in opening and rest.endswith(opening[-1])
    return (opening, rest[:-1], rest[-1]) if is_closed else (opening, rest, "")


def _braced(found: re.Match[str]) -> str:
    before, value = found.groups()
    return str(found.group(0)) if PLACEHOLDER.match(value) else f"{before}{REDACTED}"


def _doubtful(found: re.Match[str]) -> str:
    before, value = found.groups()
    is_key = has_letter_and_digit(value) and not is_a_name(value)
    return before + (REDACTED if is_key else value)


class _Given(NamedTuple):
    """The groups of `ASSIGNMENT`, in their order."""

    before: str
    parsers_or_arn: str | None
    start: str | None
    row: str
    key: str
    key_quote: str
    separator: str
    value: str
    gone: str | None


def _assignment(found: re.Match[str]) -> str:
    if found.group(1) is None:
        return _partitions(found)
    given = _Given._make(found.groups())
    if not _is_secret(given):
        return str(found.group(0))
    opening, _, closing = parts(given.value)
    return f"{given.before}{opening}{REDACTED}{closing}{given.gone or ''}"


def _partitions(found: re.Match[str]) -> str:
    """`/reset/token=483920` ends a path: a number that nothing is behind is a secret."""
    row = str(found.group(0))
    is_table = row.count("=") > 1 or (
        row.endswith("/") and A_FOLDER_OR_FILE.match(found.string, found.end())
    )
    return row if is_table else NUMBER_IN_A_PATH.sub(f"={REDACTED}", row)


def _is_secret(given: _Given) -> bool:
    opening, secret, closing = parts(given.value)
    if is_ordinary(secret) or _is_name(given, secret):
        return False
    if opening:
        ends_a_literal = not closing and not given.key_quote and secret[:1] in AFTER_A_LITERAL
        return not ends_a_literal
    return not _is_code(secret, given.key_quote) and _is_given(given, secret)


def _is_name(given: _Given, secret: str) -> bool:
    """Whether it is a word, a folder or a secret's name, which a person needs."""
    key = given.key.lower()
    if key in ("pwd", "oldpwd"):
        return not given.start and bool(A_FOLDER.match(secret))
    if given.key_quote or given.separator.strip() != ":":
        return False
    if given.parsers_or_arn and not given.row:
        return key in ("token", "secret") and bool(A_WORD.match(secret))
    if key != "secret":
        return False
    return bool(given.gone or A_SECRETS_NAME.match(given.value))


def _is_code(value: str, key_quote: str) -> bool:
    # `{"password": Password}` in code; a literal would be quoted or a number.
    if key_quote and value.isidentifier():
        return True
    return any(found.match(value) for found in (OPTION, CALL, MEMBER, NAMED_LIKE_ITS_KEY))


def _is_given(given: _Given, value: str) -> bool:
    key, separator = given.key, given.separator
    is_prose = separator.strip() == ":" and not given.key_quote
    if key.lower().endswith("pass") and not _is_pass(key, value, is_prose=is_prose):
        return False
    is_code = separator.strip() != ":" and separator != separator.strip()
    is_token = key.lower().endswith(("token", "secret", "credential", "credentials"))
    if is_code or (is_prose and is_token):
        return len(value) >= MIN_SECRET_IN_CODE and has_letter_and_digit(value)
    return True


def _is_pass(key: str, value: str, *, is_prose: bool) -> bool:
    """`DB_PASS=…` is given; `pass: 12, fail: 3` and `first_pass=2` count."""
    if A_COUNT.match(value) or (is_prose and key.lower() == "pass"):
        return False
    return not is_prose or key.isupper() or has_letter_and_digit(value)
