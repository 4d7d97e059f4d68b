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
_OF_LOGINS = r"\b(?:docker|podman|registry|oc|az)"
_MYSQL = r"\bmysql(?:dump|admin|import)?"
_PROGRAM = (
    rf"{_CURL}[^\s:'\"]+:|\bsshpass -p *"
    rf"|{_OF_LOGINS} login(?: [^\n|;&]*?)? -p[ =]? *"
    r"|\bredis-cli(?: [^\n|;&]*?)? -a +"
    rf"|{_MYSQL}(?: [^\n|;]*?)? -p"
)
PROGRAM = re2.compile(rf"({_PROGRAM})({QUOTED}|(?:[^\s\"'\\]|{ESCAPED})+)")

# A list of words, as Python and JSON print them: `['docker', 'login', '-u', 'x', '-p', '…']`.
_QUOTE = r"\\*[\"']"
_NEXT = rf"{_QUOTE}\s*,\s*"
_LATER = rf"{_QUOTE}\s*,(?:[^\]]*?,)?\s*{_QUOTE}"
_LOGIN = rf"(?:{_OF_LOGINS}{_NEXT}{_QUOTE}login|\bsshpass)"
_OWN_WORD = rf"(?:{_LOGIN}{_LATER}-p|\bredis-cli{_LATER}-a){_NEXT}"
_SAME_WORD = (
    rf"(?:{_LOGIN}|{_MYSQL}){_LATER}-p"
    rf"|\bcurl{_LATER}(?:-[A-Za-z]*u|--user|--proxy-user){_NEXT}{_QUOTE}[^\"':\n]+:"
)
LISTED = (
    re2.compile(rf"({_OWN_WORD})({QUOTED})"),
    re2.compile(rf"({_SAME_WORD})((?:[^\"'\\\n]|{ESCAPED})+)"),
)

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
    if "'-" in text or '"-' in text:
        for program in LISTED:
            text = program.sub(unless_ordinary, text)
    return str(SIGN_IN.sub(unless_ordinary, text)) if "," in text else text
