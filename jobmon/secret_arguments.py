"""Secrets that are given to a program or a function: `--token …`, `curl -u`, `auth=("u", …)`."""

import re2

from jobmon.secret_values import ESCAPED, KEY, QUOTED, unless_ordinary

FLAG = re2.compile(rf"(?i)((?:^|\s|\\[nrt])--{KEY}\s+)({QUOTED}|[^\s\"'\\-](?:[^\s\\]|{ESCAPED})*)")
ARGUMENT = re2.compile(rf"(?i)([\"']--{KEY}\\*[\"']\s*,\s*)({QUOTED})")

_CURL = r"\bcurl\b[^\n|;]*? (?:-[A-Za-z]*u|--user|--proxy-user)[ =]? *"
CURL = tuple(
    re2.compile(rf"({_CURL}\\*{quote}[^:{quote}\n]+:)((?:[^{quote}\\\n]|{ESCAPED})+)")
    for quote in "'\""
)
_PROGRAM = (
    rf"{_CURL}[^\s:'\"]+:|\bsshpass -p *"
    r"|\b(?:docker|podman|registry|oc|az) login(?: [^\n|;&]*?)? -p[ =] *"
    r"|\bredis-cli(?: [^\n|;&]*?)? -a +"
    r"|\bmysql(?:dump|admin|import)?(?: [^\n|;]*?)? -p"
)
PROGRAM = re2.compile(rf"({_PROGRAM})({QUOTED}|(?:[^\s\"'\\]|{ESCAPED})+)")

_USER = rf"(?:{QUOTED}|[^\s,()'\"]+)"
SIGN_IN = re2.compile(
    r"(?i)((?:(?:\b|_)auth\\*['\"]?\s*[=:]\s*[(\[]|(?:basic|digest|proxy|ntlm)auth\()"
    rf"\s*{_USER}\s*,\s*)({QUOTED})"
)


def without_arguments(text: str) -> str:
    """The text with secrets that are arguments replaced."""
    if "--" in text:
        text = ARGUMENT.sub(unless_ordinary, FLAG.sub(unless_ordinary, text))
    if " -" in text:
        for program in (*CURL, PROGRAM):
            text = program.sub(unless_ordinary, text)
    return str(SIGN_IN.sub(unless_ordinary, text)) if "," in text else text
