"""Take secrets out of text that came from outside: pure, linear in the text's length.

Only the secret itself is replaced, so that the rest still tells what went wrong. Reading errs on
the side of redacting what follows a name such as `password=`, but leaves code, SQL and prose that
merely speak of a password or a token.
"""

import re

import re2

from jobmon.ordinary_values import has_letter_and_digit, is_ordinary
from jobmon.secret_shapes import REDACTED, WORD_START, without_private_keys, without_shapes
from jobmon.secret_values import QUOTED, unless_ordinary, without_values

URL_PASSWORD = re2.compile(r"(?i)([a-z][a-z0-9+.-]*://[^\s/:@?#'\"\[]*:)([^\s/?#'\"]+)(@)")

# Its first part is no port, no list of hosts and no placeholder.
URL_PASSWORD_WITH_SLASH = re2.compile(
    r"(?i)([a-z][a-z0-9+.-]*://[^\s/:@?#'\"\[]*:)"
    r"(?:\d{6,}|[^\s/?#'\",@\d{$<%][^\s/?#'\",@]*|\d+[^\s/?#'\",@\d][^\s/?#'\",@]*)"
    r"[/?#][^\s'\"]*(@)"
)
ORACLE_PASSWORD = re2.compile(r"(?i)(jdbc:oracle:\w+:[^\s/@'\"]+/)(?:\\?\"[^\"\n]*\"|[^\s'\"]+)(@)")

SLACK_HOOK = re2.compile(
    r"(hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/)([A-Za-z0-9/_-]{20,})"
)

# https://www.iana.org/assignments/http-authschemes, and those that vendors use.
_WITH_PARAMETERS = r"digest|oauth|token|aws4-[a-z0-9-]+|snowflake|hawk|vapid|googlelogin|signature"
_SCHEME = (
    rf"(?:{_WITH_PARAMETERS}|bearer|basic|negotiate|ntlm|bot|api-?key|key|splunk|ssws|genie-?key"
    r"|aws|sharedkey(?:lite)?|sharedaccesssignature|hmac(?:-[a-z0-9]+)*|scram-[a-z0-9-]+|dpop"
    r"|client-id|jwt|private-?token)"
)
_PARAMETER = r"[\w-]+=(?:\\*\"[^\"\\\n]*\\*\"|[^\s,'\"\\]+)"
_CREDENTIAL = r"(?:[^\s'\",;}\\]|\\+[^\s\"'\\nrt]){6,}"
_HEADER = (
    r"(?i)((?:(?:\b|\\[nrt]|http_)authorization\\*['\"]?\s*[:=]\s*(?:b?\\*['\"])?"
    r"|\(b?\\*['\"](?:proxy-)?authorization\\*['\"]\s*,\s*b?\\*['\"])\s*"
)

AUTHORIZATION_BY_PARAMETERS = re2.compile(
    rf"{_HEADER}(?:{_WITH_PARAMETERS})\s+)({_PARAMETER}(?:\s*,\s*{_PARAMETER})*)"
)
AUTHORIZATION_OF_ANY_SCHEME = re2.compile(
    rf"{_HEADER})([^\s'\",;}}\\]+)([ \t]+)((?:[^\s'\",;}}:\\]+:)*[^\s'\",;}}:\\]+)"
    r"($|[\s'\",;}\\])"
)
AUTHORIZATION = re2.compile(rf"{_HEADER}(?:{_SCHEME}\s+)?)(\[redacted\]|{_CREDENTIAL})")
KNOWN_SCHEME = re2.compile(rf"(?i){_SCHEME}")
BEARER = re2.compile(
    rf"(?i)((?:{WORD_START})(?:bearer|basic|negotiate|splunk)\s+)([A-Za-z0-9._~+/=-]{{16,}})"
)
SIGNATURE = re2.compile(r"(?i)(signature['\"]?\s*[:=]\s*['\"]?)([0-9a-f]{40,})")

QUERY = re2.compile(
    r"(?i)([?&;](?:x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)"
    r"|sig|signature|awsaccesskeyid|access_token|sas)=)([^&\s'\"<>]+)"
)

# `?code=404` is a status; the code of a sign-in or of a function is longer.
QUERY_CODE = re2.compile(r"(?i)([?&;]code=)([^&\s'\"<>]{16,})")

# SQL doubles a quote inside a literal. A bare word is a password only in a whole statement.
_LITERAL = rf"(?:'(?:[^'\\\n]|\\.|'')*'|{QUOTED})"
_IDENTIFIED = r"identified\s+(?:with\s+\S+\s+)?(?:by|as)(?:\s+password|\s+values)?"
SQL_PASSWORD = re2.compile(
    r"((?:(?i:with|encrypted|unencrypted)\s+(?i:password)"
    rf"|(?i:user|role|login)\s+\S+\s+(?i:password|{_IDENTIFIED})|(?i:to\s+\S+\s+{_IDENTIFIED})"
    rf"|IDENTIFIED\s+(?:WITH\s+\S+\s+)?(?:BY|AS)(?:\s+PASSWORD|\s+VALUES)?)\s*)({_LITERAL})"
)
SQL_BARE_PASSWORD = re2.compile(rf"(?i)((?:user|role|to)\s+\S+\s+{_IDENTIFIED}\s+)([^\s'\";,)\\]+)")

# Each pattern but the shapes' needs one of these: most names of jobs and tasks have none.
NEEDED = re.compile(
    r"[:=/(]|--|bearer|basic|negotiate|splunk|authorization|password|identified", re.IGNORECASE
)

MIN_CREDENTIAL = 8
MIN_NUMBER = 12
MIN_WORD = 24


def redact(text: str) -> str:
    """The text with every secret in it replaced by `[redacted]`."""
    if not text.isascii():
        text = text.encode(errors="replace").decode()  # RE2 reads UTF-8: no halves of characters
    if NEEDED.search(text):
        text = given_secrets_replaced(text)
    shown = without_shapes(text)
    if shown != text and NEEDED.search(shown):
        shown = given_secrets_replaced(shown)  # a name may begin where a key ended: `…9efpass=`
    return shown


def given_secrets_replaced(text: str) -> str:
    """Without the secrets that are known by what stands before them."""
    text = without_private_keys(text)
    for url in (URL_PASSWORD, URL_PASSWORD_WITH_SLASH, ORACLE_PASSWORD):
        text = url.sub(_url, text)
    text = SLACK_HOOK.sub(rf"\1{REDACTED}", text)
    text = AUTHORIZATION_BY_PARAMETERS.sub(rf"\1{REDACTED}", text)
    text = AUTHORIZATION_OF_ANY_SCHEME.sub(_any_scheme, text)
    text = AUTHORIZATION.sub(unless_ordinary, text)
    text = SIGNATURE.sub(rf"\1{REDACTED}", text)
    text = QUERY.sub(rf"\1{REDACTED}", text)
    text = QUERY_CODE.sub(rf"\1{REDACTED}", text)
    text = SQL_PASSWORD.sub(unless_ordinary, text)
    text = SQL_BARE_PASSWORD.sub(unless_ordinary, text)
    text = without_values(text)
    return str(BEARER.sub(_bearer, text))


def _url(found: re.Match[str]) -> str:
    return f"{found.group(1)}{REDACTED}@"


def _any_scheme(found: re.Match[str]) -> str:
    """A scheme that nobody has heard of may be a secret itself: it goes with what follows."""
    before, scheme, _, credential, after = found.groups()
    is_known = KNOWN_SCHEME.fullmatch(scheme) or is_ordinary(scheme)
    if is_known or not _is_credential(credential):
        return str(found.group(0))
    return f"{before}{REDACTED}{after}"


def _is_credential(word: str) -> bool:
    if REDACTED in word:
        return False
    if has_letter_and_digit(word):
        return len(word) >= MIN_CREDENTIAL
    return len(word) >= (MIN_NUMBER if word.isdigit() else MIN_WORD)


def _bearer(found: re.Match[str]) -> str:
    before, value = found.groups()
    return before + (REDACTED if has_letter_and_digit(value) else value)
