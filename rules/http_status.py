"""HTTP statuses that texts state: each client, server and tool has its own way to say 404."""

import re
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus

from rules.pattern import literal
from rules.pattern_set import LineHit, PatternSet

CAPTURES = frozenset({"status", "url", "path", "said"})
"""What a shape may tell besides: where the request went, and the answer's own words."""

_REASONS = (
    *sorted({status.phrase for status in HTTPStatus if status >= HTTPStatus.BAD_REQUEST}),
    # As other editions of the standard and other servers have them.
    *("Content Too Large", "Payload Too Large", "Request Entity Too Large"),
    *("Unprocessable Content", "Unprocessable Entity", "Gateway Time-out", "Request Time-out"),
    *("Service Temporarily Unavailable", "TooManyRequests", "Web Server"),
)
_REASON = f"(?:{'|'.join(map(literal, _REASONS))})"
_STATUS = r"(?P<status>[45]\d\d)"

_ANY = re.compile(r"(?<!\d)[45]\d\d(?!\d)", re.ASCII)
"""What every shape has; most texts have none and are done with."""

_STATED = (
    (
        rf"\b{_STATUS} (?:Client|Server) Error: (?:.{{0,200}}? )?for (?:url|path):? ?"
        r"(?P<url>\S*[^\s.,;])?"
        r"(?:[.,;]? \W?[Rr]esponse(?: text| body)?: (?P<said>\S.{0,160}[^\s.]))?"
    ),
    rf"(?:Client|Server) error '{_STATUS} .{{0,80}}' for url '(?P<url>[^']+)",
    rf"HTTP ?Error:? {_STATUS}\b",
    rf"Server returned HTTP response code: {_STATUS} for URL: (?P<url>\S+)",
    (
        r"(?i)\b(?:http|response|api)?[ _-]?status[ _-]?(?:code)?\b[\"']?(?: was| is| of)?"
        rf"[ :=(\"']{{1,4}}{_STATUS}\b"
    ),
    rf"(?i)\bstatus code does not indicate success: {_STATUS}\b",
    rf"(?i)\bhttp[ _-](?:response )?code\b[\"']?:? ?{_STATUS}\b",
    rf"(?i)\b{_STATUS},? (?:message=['\"])?{_REASON}\b",
    rf"(?i)\((?:HTTP )?{_STATUS}\) {_REASON}\b",
    rf"\b{_STATUS} (?:GET|POST|PUT|PATCH|DELETE) (?P<url>https?://\S*[^\s.,;:])",
    rf"\bHTTP (?:GET|POST|PUT|PATCH|DELETE) error on '(?P<path>/[^']*)' \(HTTP {_STATUS}\)",
    (
        r"\bMax retries exceeded with url: (?P<path>/\S*\w)\S* .{0,40}"
        rf"\btoo many {_STATUS} error responses\b"
    ),
    rf"\btoo many {_STATUS} error responses\b",
    rf"(?i)\brequested URL returned error: {_STATUS}\b",
    rf"(?i)\bresponse from (?:the )?server \({_STATUS}\)",
)
"""Clear enough to count wherever a text holds it."""

_SAID = (
    rf"(?i)\bHTTP(?:/[\d.]+)?(?: (?:code|error|status))?:? ?{_STATUS}\b",
    rf"(?i)^Error code: {_STATUS}\b",
    (
        r"(?i)(?:failed|responded|returned|replied|answered|got|received|error|request)"
        r" (?:with |an? )?(?:http |error |status )?(?:error |code |response |status )?(?:code )?"
        rf"{_STATUS}\b"
    ),
)
"""So in what an error says; elsewhere in a log it may be any number."""


def statuses_stated(text: str) -> Iterator[tuple[str, LineHit]]:
    """Yield the statuses that lines of any text state, such as `404`, with what is told besides."""
    return _found(_stated(), text)


def statuses_said(message: str) -> Iterator[tuple[str, LineHit]]:
    """Yield the statuses that an error's own message says, also in shapes that logs share."""
    yield from _found(_stated(), message)
    yield from _found(_said(), message)


def _found(patterns: PatternSet, text: str) -> Iterator[tuple[str, LineHit]]:
    if not _ANY.search(text):
        return
    for hits in patterns.hits(text).values():
        for hit in hits:
            yield dict(hit.captures)["status"], hit


@cache
def _stated() -> PatternSet:
    return PatternSet(_STATED)


@cache
def _said() -> PatternSet:
    return PatternSet(_SAID)
