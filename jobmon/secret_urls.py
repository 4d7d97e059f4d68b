"""Secrets in addresses: passwords and tokens before the `@`, signed queries, hooks."""

import re

import re2

from jobmon.ordinary_values import has_letter_and_digit, is_ordinary
from jobmon.secret_shapes import REDACTED

URL_PASSWORD = re2.compile(r"(?i)([a-z][a-z0-9+.-]*://[^\s/:@?#'\"\[]*:)([^\s/?#'\"]+)(@)")

# Its first part is no port, no list of hosts and no placeholder.
URL_PASSWORD_WITH_SLASH = re2.compile(
    r"(?i)([a-z][a-z0-9+.-]*://[^\s/:@?#'\"\[]*:)"
    r"(?:\d{6,}|[^\s/?#'\",@\d{$<%][^\s/?#'\",@]*|\d+[^\s/?#'\",@\d][^\s/?#'\",@]*)"
    r"[/?#][^\s'\"]*(@)"
)
ORACLE_PASSWORD = re2.compile(r"(?i)(jdbc:oracle:\w+:[^\s/@'\"]+/)(?:\\?\"[^\"\n]*\"|[^\s'\"]+)(@)")

# `etl:hunter2@db7:5432`; without a port it may be `user:jane7@example.com`.
_HOST = r"(?:[\w-]+\.)*[\w-]*[A-Za-z][\w-]*|\d+(?:\.\d+){3}|\[[\da-fA-F:.]+\]|tcp\([^\s():]+"
_GIVEN = r"[^\s/:@'\",;()]*[A-Za-z][^\s/:@'\",;()]*"
NO_SCHEME = re2.compile(
    rf"((?:^|[\s'\"(=,\\])[\w.+-]+:)({_GIVEN})(@(?:{_HOST}):\d{{2,5}}(?:$|[^\w:]))"
)

# `https://TOKEN@dev.azure.com/…`, `https://TOKEN:x-oauth-basic@…`; in `abfss:` a container.
URL_TOKEN = re2.compile(r"(?i)((?:[a-z]+\+)?https?://)([^\s/:@?#'\"\[\]]{16,})(?::[^\s/@'\"]*)?(@)")

HOOK = re2.compile(
    r"((?:hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)|webhook\.office\.com/webhookb2"
    r"|discord(?:app)?\.com/api/webhooks)/)([A-Za-z0-9/_@-]{20,})"
)

# `?code=404` is a status; the code of a sign-in or of a function is longer.
_LONG = r"[^&\s'\"<>]{16}"
QUERY = re2.compile(
    r"(?i)([?&;](?:x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)"
    rf"|sig|signature|awsaccesskeyid|access_token|sas)=)([^&\s'\"<>]+)|([?&;]code=){_LONG}[^&\s'\"<>]*"
)


def without_urls(text: str) -> str:
    """The text with the secrets of its addresses replaced."""
    if "@" in text:
        text = URL_TOKEN.sub(_token, text)
        for url in (URL_PASSWORD, URL_PASSWORD_WITH_SLASH, ORACLE_PASSWORD):
            text = url.sub(_password, text)
        text = NO_SCHEME.sub(_no_scheme, text)
    if "=" in text:
        text = QUERY.sub(_query, text)
    return str(HOOK.sub(rf"\1{REDACTED}", text))


def _token(found: re.Match[str]) -> str:
    before, user, at = found.groups()
    return f"{before}{REDACTED}{at}" if has_letter_and_digit(user) else str(found.group(0))


def _password(found: re.Match[str]) -> str:
    return f"{found.group(1)}{REDACTED}@"


def _no_scheme(found: re.Match[str]) -> str:
    before, password, after = found.groups()
    return str(found.group(0)) if is_ordinary(password) else f"{before}{REDACTED}{after}"


def _query(found: re.Match[str]) -> str:
    return f"{found.group(1) or found.group(3)}{REDACTED}"
