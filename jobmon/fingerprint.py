"""Telling the same failure from another: what changes from run to run is taken out."""

import hashlib
import re

_VOLATILE = (
    (re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE), "<id>"),
    (re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s'\"<>)]+", re.IGNORECASE), "<url>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "<host>"),
    (re.compile(r"\b[\w-]+(?:\.[\w-]+){2,}\.(?:com|net|org|io|internal|local)\b"), "<host>"),
    (re.compile(r"(?<![\w/])(?:/[\w.@=+-]+){2,}/?"), "<path>"),
    (re.compile(r"\b(?:0x)?[0-9a-f]*\d[0-9a-f]*[0-9a-f]{7,}\b", re.IGNORECASE), "<hex>"),
    (re.compile(r"#\d+L?\b"), "#<n>"),
    (re.compile(r"\d+"), "<n>"),
    (re.compile(r"\s+"), " "),
)
_LENGTH = 16
_MAX_TEXT = 2000


def normalised(text: str) -> str:
    """Return the text with numbers, ids, paths, hosts, addresses and times taken out."""
    text = text[:_MAX_TEXT]
    for pattern, stand_in in _VOLATILE:
        text = pattern.sub(stand_in, text)
    return text.strip()


def fingerprint(*parts: str) -> str:
    """Return a short hash of the parts, each normalised; the same on every machine."""
    joined = "\x1f".join(normalised(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()[:_LENGTH]
