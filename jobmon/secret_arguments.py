"""Secrets that are given to a program or a function: `--token …`, `curl -u`, `auth=("u", …)`."""

import re2

from jobmon.secret_values import ESCAPED, KEY, QUOTED, unless_ordinary

FLAG = re2.compile(rf"(?i)((?:^|\s|\\[nrt])--{KEY}\s+)({QUOTED}|[^\s\"'\\-](?:[^\s\\]|{ESCAPED})*)")
ARGUMENT = re2.compile(rf"(?i)([\"']--{KEY}\\*[\"']\s*,\s*)({QUOTED})")

_PROGRAM = (
    r"\bcurl\b[^\n|;]*? (?:-u|--user|--proxy-user)[ =]? *['\"]?[^\s:'\"]+:"
    r"|\bsshpass -p *|\bmysql(?:dump|admin|import)?\b[^\n|;]*? -p"
)
PROGRAM = re2.compile(rf"({_PROGRAM})({QUOTED}|(?:[^\s\"'\\]|{ESCAPED})+)")

_USER = rf"(?:{QUOTED}|[^\s,()'\"]+)"
SIGN_IN = re2.compile(
    r"(?i)((?:\bauth\\*['\"]?\s*[=:]\s*[(\[]|(?:basic|digest|proxy|ntlm)auth\()"
    rf"\s*{_USER}\s*,\s*)({QUOTED})"
)


def without_arguments(text: str) -> str:
    """The text with secrets that are arguments replaced."""
    if "--" in text:
        text = ARGUMENT.sub(unless_ordinary, FLAG.sub(unless_ordinary, text))
    if " -" in text:
        text = PROGRAM.sub(unless_ordinary, text)
    return str(SIGN_IN.sub(unless_ordinary, text)) if "," in text else text
