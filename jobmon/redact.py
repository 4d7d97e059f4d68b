"""Take secrets out of text that came from outside: pure, linear in the text's length.

Only the secret itself is replaced, so that the rest still tells what went wrong. Reading errs on
the side of redacting what follows a name such as `password=`, but leaves code, SQL and prose that
merely speak of a password or a token.
"""

import re
from collections.abc import Callable

import re2

REDACTED = "[redacted]"

# Secrets that are recognised by their own shape.
SHAPES = re2.compile(
    r"\b(?:"
    r"(?:dapi|dkea|dose|dsapi)[0-9a-f]{32}(?:-\d+)?"
    r"|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}"
    r"|glpat-[A-Za-z0-9_-]{16,}"
    r"|xox[abeprs](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}"
    r"|(?:AKIA|ASIA|AROA)[A-Z0-9]{16}"
    r"|sk-(?:ant-|proj-|svcacct-|or-)?[A-Za-z0-9_-]{20,}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,}"
    r"|AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,}"
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"
    r"|npm_[A-Za-z0-9]{30,}|hf_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{50,}"
    r"|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"
    r")"
)

# A whole block, or as much of one as a cut has left.
PRIVATE_KEY = re2.compile(
    r"(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----)(?:\s*[A-Za-z-]+: [^\n]*\n)*"
    r"(?:(?:\[redacted\]|[A-Za-z0-9+/=]|\s|\\[nr])*(-----END [A-Z ]{0,40}PRIVATE KEY-----)"
    r"|\[redacted\]|(?:(?:\s|\\[nr])*[A-Za-z0-9+/=]{24,})+(?:\s*[A-Za-z0-9+/=]+)?)"
)

URL_PASSWORD = re2.compile(r"(?i)(\b[a-z][a-z0-9+.-]*://[^\s/:@?#'\"]*:)([^\s/?#'\"]+)(@)")

SLACK_HOOK = re2.compile(r"(\bhooks\.slack\.com/services/)([A-Za-z0-9/_-]{20,})")

AUTHORIZATION = re2.compile(
    r"(?i)(\b(?:proxy-)?authorization['\"]?\s*[:=]\s*['\"]?(?:bearer|basic|token|digest)?\s*)"
    r"(\[redacted\]|[^\s'\",;}]{6,})"
)
BEARER = re2.compile(r"(?i)(\b(?:bearer|basic)\s+)([A-Za-z0-9._~+/=-]{16,})")

QUERY = re2.compile(
    r"(?i)([?&;](?:x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)"
    r"|sig|signature|awsaccesskeyid|access_token|code|sas)=)([^&\s'\"<>]+)"
)

# Keys by which secrets are given, at the end of a longer name too: `db_password`, `s3.secret.key`.
KEY = (
    r"(?:[\w.-]*(?:"
    r"passw(?:or)?d|passphrase|pwd|secret|token|api[_.-]?key|apikey"
    r"|access[_.-]?key(?:[_.-]?id)?|account[_.-]?key|accountkey|sharedaccesskey"
    r"|sharedaccesssignature|client[_.-]?secret|secret[_.-]?(?:access[_.-]?)?key|private[_.-]?key"
    r"|signing[_.-]?(?:key|secret)|encryption[_.-]?key|connection[_.-]?string|credentials?"
    r")|[\w.-]*account\.key\.[\w.-]+)"
)
VALUE = r"(?:\[redacted\]|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|[^\s\"',;&|<>)\]}\\]+)"
ASSIGNMENT = re2.compile(
    rf"(?i)(\b|--?|[?&;])({KEY})(\\?['\"]?)(\s*(?::|=>|==?)\s*)((?:\\[\"'])?)({VALUE})"
)
FLAG = re2.compile(rf"(?i)(\s--{KEY}\s+)([^\s-]\S*)")

ORDINARY = re.compile(
    r"""(?ix) ^(?:
      none | null | nil | true | false | undefined | empty | missing | required | invalid | expired
      | redacted | bearer | basic
      | str(?:ing)?\d* | bytes | binary | varchar.* | text | int(?:eger)? | bigint | long | object
      | not | is | was | has | in | of | for | from | the | a | an | and | or
      | \*+ | x{3,} | \.\.\. | … | -+
      | \[redacted\].* | \$\{.* | \$[A-Z_]+ | \{.* | %\(.* | <.* | :\w*
    )$"""
)
CALL = re.compile(r"^[A-Za-z_][\w.]*[\(\[]")
MEMBER = re2.compile(r"(?i)^[a-z_]\w*(?:\.\w+)*\.\w*(?:passw|pwd|secret|token|key|credential)\w*$")
NAMED_LIKE_ITS_KEY = re2.compile(r"(?i)^_?(?:\w*_)?(?:password|passwd|pwd|secret|token|key)$")
MIN_SECRET_IN_CODE = 8


# Each pattern but `SHAPES` needs one of these: most names of jobs and tasks have none.
NEEDED = re.compile(r"[:=/]|--|bearer|basic", re.IGNORECASE)


def redact(text: str) -> str:
    """The text with every secret in it replaced by `[redacted]`."""
    if not text.isascii():
        text = text.encode(errors="replace").decode()  # RE2 reads UTF-8: no halves of characters
    if NEEDED.search(text):
        text = given_secrets_replaced(text)
    return str(SHAPES.sub(_shape, text))


def given_secrets_replaced(text: str) -> str:
    """Without the secrets that are known by what stands before them."""
    text = PRIVATE_KEY.sub(rf"\1{REDACTED}\2", text)
    text = URL_PASSWORD.sub(rf"\1{REDACTED}\3", text)
    text = SLACK_HOOK.sub(rf"\1{REDACTED}", text)
    text = AUTHORIZATION.sub(_unless_ordinary(2), text)
    text = QUERY.sub(rf"\1{REDACTED}", text)
    text = ASSIGNMENT.sub(_assignment, text)
    text = FLAG.sub(_unless_ordinary(2), text)
    return str(BEARER.sub(_bearer, text))


def _shape(found: re.Match[str]) -> str:
    """A key has digits; `sk-learn-training-pipeline` is a name."""
    text = found.group(0)
    is_name = text.startswith("sk-") and not any(char.isdigit() for char in text)
    return text if is_name else REDACTED


def _unless_ordinary(group: int) -> Callable[[re.Match[str]], str]:
    def replacement(found: re.Match[str]) -> str:
        whole, value = found.group(0), found.group(group)
        if ORDINARY.match(value):
            return whole
        return whole[: len(whole) - len(value)] + REDACTED

    return replacement


def _bearer(found: re.Match[str]) -> str:
    value = found.group(2)
    return found.group(1) + (REDACTED if _has_letter_and_digit(value) else value)


def _assignment(found: re.Match[str]) -> str:
    before, key, key_quote, separator, escaped, value = found.groups()
    quote = value[0] if value[0] in "\"'" else ""
    secret = value[1:-1] if quote else value
    is_quoted = bool(quote or escaped)
    if not _is_secret(key, secret, separator, quoted=is_quoted, key_quoted=bool(key_quote)):
        return str(found.group(0))
    return f"{before}{key}{key_quote}{separator}{escaped}{quote}{REDACTED}{quote}"


def _is_secret(key: str, value: str, separator: str, *, quoted: bool, key_quoted: bool) -> bool:
    if not value or ORDINARY.match(value):
        return False
    if quoted:
        return True
    # `{"password": Password}` in code; a literal would be quoted or a number.
    if key_quoted and value.isidentifier():
        return False
    if CALL.match(value) or MEMBER.match(value) or NAMED_LIKE_ITS_KEY.match(value):
        return False
    is_prose = separator.strip() == ":" and not key_quoted
    is_code = separator.strip() != ":" and separator != separator.strip()
    is_token = key.lower().endswith(("token", "secret", "credential", "credentials"))
    if is_code or (is_prose and is_token):
        return len(value) >= MIN_SECRET_IN_CODE and _has_letter_and_digit(value)
    return True


def _has_letter_and_digit(value: str) -> bool:
    return any(c.isalpha() for c in value) and any(c.isdigit() for c in value)
