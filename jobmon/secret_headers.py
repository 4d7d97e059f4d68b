"""Secrets in headers: `Authorization` of any scheme, cookies, signatures of requests."""

import re

import re2

from jobmon.ordinary_values import has_letter_and_digit, is_ordinary
from jobmon.secret_shapes import REDACTED, WORD_START
from jobmon.secret_values import unless_ordinary

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

_COOKIE = r"[\w!#$%&*.^`|~+-]+=(?:\\*\"[^\s;,\"\\]*\\*\"|[^\s;,'\"\\]*)"
COOKIES = re2.compile(
    r"(?i)((?:(?:\b|\\[nrt]|http_)(?:set-)?cookie\\*['\"]?\s*[:=]\s*(?:b?\\*['\"])?"
    r"|\(b?\\*['\"](?:set-)?cookie\\*['\"]\s*,\s*b?\\*['\"]|\s--cookie[\s=]\s*['\"]?)\s*)"
    rf"({_COOKIE}(?:;\s*(?:{_COOKIE}|secure|httponly|partitioned))*)"
)
COOKIE_OF_A_JAR = re2.compile(r"(?i)(<cookie\s+[^\s=]+=)(\S+)")

MIN_CREDENTIAL = 8
MIN_NUMBER = 12
MIN_WORD = 24


def without_headers(text: str) -> str:
    """The text with the credentials of its headers replaced."""
    text = AUTHORIZATION_BY_PARAMETERS.sub(rf"\1{REDACTED}", text)
    text = AUTHORIZATION_OF_ANY_SCHEME.sub(_any_scheme, text)
    text = AUTHORIZATION.sub(unless_ordinary, text)
    for header in (SIGNATURE, COOKIES, COOKIE_OF_A_JAR):
        text = header.sub(rf"\1{REDACTED}", text)
    return str(BEARER.sub(_bearer, text))


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
