"""Secrets that stand behind a name: `password=…`, `'token': '…'`, `--api-key …`.

A name is followed by code, SQL and prose as often as by a secret. Quotes, the separator and the
value itself tell which it is; where they do not, it is taken for a secret.
"""

import re

import re2

from jobmon.secret_shapes import REDACTED

# Keys by which secrets are given, at the end of a longer name too: `db_password`, `s3.secret.key`.
KEY = (
    r"(?:[\w.-]*(?:"
    r"passw(?:or)?d|passphrase|pwd|secret|token|api[_.-]?key|apikey"
    r"|access[_.-]?key(?:[_.-]?id)?|account[_.-]?key|accountkey|sharedaccesskey"
    r"|sharedaccesssignature|client[_.-]?secret|secret[_.-]?(?:access[_.-]?)?key|private[_.-]?key"
    r"|signing[_.-]?(?:key|secret)|encryption[_.-]?key|connection[_.-]?string|credentials?"
    r"|[_.-]pass)|pass|[\w.-]*account\.(?:key|oauth2\.client\.secret)\.[\w.-]+)"
)

# A backslash belongs to a value unless it is the escape of a line's end or of a quote.
_ESCAPED = r"\\+[^\s\"'\\nrt]"
_BARE = rf"(?:\[redacted\]|[^\s\"',;&|<>)\]}}\\]|{_ESCAPED})+"


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

# Of names in a row (`token: password: …`) the last one says what the value is.
ASSIGNMENT = re2.compile(
    rf"(?i)((?:\b|--?|[?&;]|\\[nrt])(?:{KEY}\\*['\"]?{_SEPARATOR})*)({KEY})(\\*['\"]?)({_SEPARATOR})"
    rf"(\[redacted\]|{QUOTED}|{_BARE})"
)
FLAG = re2.compile(
    rf"(?i)((?:^|\s|\\[nrt])--{KEY}\s+)({QUOTED}|[^\s\"'\\-](?:[^\s\\]|{_ESCAPED})*)"
)
ARGUMENT = re2.compile(rf"(?i)([\"']--{KEY}\\*[\"']\s*,\s*)({QUOTED})")

# `.option("password", "…")`, `spark.conf.set("fs.s3a.secret.key", "…")`: so Spark is told.
SETTING = re2.compile(
    r"(?i)((?:option|config|set|setconf|setproperty|setifmissing|put|header|addheader)\s*\(\s*\\*[\"']"
    rf"{KEY}\\*[\"']\s*,\s*)({QUOTED})"
)

ORDINARY = re.compile(
    r"""(?ix) ^(?:
      none | null | nil | true | false | undefined | empty | missing | required | invalid | expired
      | redacted | bearer | basic
      | str(?:ing)?\d* | bytes | binary | varchar.* | text | int(?:eger)? | bigint | long | object
      | not | is | was | has | in | of | for | from | the | a | an | and | or | to | with
      | must | cannot | requires | expected | expects | option | flag | argument
      | \*+ | x{3,} | \.\.\. | … | -+
      | \[redacted\].* | \$\{.* | \$[A-Z_]+ | \{.* | %\(.* | <.* | :\w*
    )$"""
)
OPTION = re.compile(r"^--[a-z]")
CALL = re.compile(r"^[A-Za-z_][\w.]*[\(\[]")
MEMBER = re2.compile(r"(?i)^[a-z_]\w*(?:\.\w+)*\.\w*(?:passw|pwd|secret|token|key|credential)\w*$")
NAMED_LIKE_ITS_KEY = re2.compile(r"(?i)^_?(?:\w*_)?(?:password|passwd|pwd|secret|token|key)$")
A_COUNT = re.compile(r"^\d{1,5}(?:\.\d+)?%?$")
MIN_SECRET_IN_CODE = 8

# `"?token=" + token)`: the quote ends a literal that holds the name.
AFTER_A_LITERAL = frozenset(" \t)],;}.:")


def without_values(text: str) -> str:
    """The text with what stands behind names of secrets replaced."""
    text = ASSIGNMENT.sub(_assignment, text)
    text = FLAG.sub(unless_ordinary, text)
    text = ARGUMENT.sub(unless_ordinary, text)
    return str(SETTING.sub(unless_ordinary, text))


def unless_ordinary(found: re.Match[str]) -> str:
    """Replace the value, the second group, after what stands before it; its quotes stay."""
    before, value = found.groups()
    opening, secret, closing = parts(value)
    if not secret or ORDINARY.match(secret) or OPTION.match(secret):
        return str(found.group(0))
    return f"{before}{opening}{REDACTED}{closing}"


def has_letter_and_digit(value: str) -> bool:
    """Whether it is neither a word nor a number."""
    return any(c.isalpha() for c in value) and any(c.isdigit() for c in value)


def parts(value: str) -> tuple[str, str, str]:
    """The quote that opens a value, the secret, and the quote that closes it, if any."""
    found = OPENING.match(value)
    if not found:
        return "", value, ""
    opening, rest = found.group(0), value[found.end() :]
    is_closed = "\\" not in opening and rest.endswith(opening[-1])
    return (opening, rest[:-1], rest[-1]) if is_closed else (opening, rest, "")


def _assignment(found: re.Match[str]) -> str:
    before, key, key_quote, separator, value = found.groups()
    opening, secret, closing = parts(value)
    if opening and not closing and not key_quote and secret[:1] in AFTER_A_LITERAL:
        return str(found.group(0))
    is_quoted = bool(opening)
    if not _is_secret(key, secret, separator, quoted=is_quoted, key_quoted=bool(key_quote)):
        return str(found.group(0))
    return f"{before}{key}{key_quote}{separator}{opening}{REDACTED}{closing}"


def _is_secret(key: str, value: str, separator: str, *, quoted: bool, key_quoted: bool) -> bool:
    if not value or ORDINARY.match(value):
        return False
    if quoted:
        return True
    # `{"password": Password}` in code; a literal would be quoted or a number.
    if key_quoted and value.isidentifier():
        return False
    if (
        OPTION.match(value)
        or CALL.match(value)
        or MEMBER.match(value)
        or NAMED_LIKE_ITS_KEY.match(value)
    ):
        return False
    is_prose = separator.strip() == ":" and not key_quoted
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
