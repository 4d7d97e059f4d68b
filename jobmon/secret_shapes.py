"""Secrets that are recognised by their own shape, whatever stands before them."""

import re

import re2

REDACTED = "[redacted]"

# What may stand before a word: an escape too, as `repr` and logs print it (`\n`, `%20`, colours).
WORD_START = (
    r"^|[^A-Za-z0-9]|\\[abfnrtv]|\\[0-7]{1,3}|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|%[0-9A-Fa-f]{2}"
    r"|\x1b\[[0-9;]*[A-Za-z]"
)

# No name of anything looks like one of these, so that they may stand inside a word.
ANYWHERE = (
    r"(?:dapi|dkea|dose|dsapi)[0-9a-f]{32,}(?:-\d+)?"
    r"|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}"
    r"|xox[a-eoprs](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}|GOCSPX-[A-Za-z0-9_-]{20,}"
)
WORD = (
    r"gh[pousr]_[A-Za-z0-9]{20,}|xapp-[A-Za-z0-9-]{10,}"
    r"|(?:AKIA|ASIA|AROA)[A-Z0-9]{16}"
    r"|sk-(?:ant-|proj-|svcacct-|or-)?[A-Za-z0-9_-]{20,}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,}"
    r"|AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{20,}"
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"
    r"|npm_[A-Za-z0-9]{30,}|hf_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{50,}"
    r"|[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}"
    r"|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|(?:bot)?\d{8,10}:AA[A-Za-z0-9_-]{30,}"
)
# Names may begin like these, but are of words or have no digit.
_PREFIX = r"gsk_|r8_|pplx-|xai-|glc_|pn[ub]_|pul-|NRAK-|AKCp|ABSK|IQoJb3JpZ2luX2Vj|FwoGZXIvYXdz"
_RARE_PREFIX = (
    r"hv[sbr]\.|dckr_[op]at_|AGE-SECRET-KEY-|gl(?:ptt|dt|rt|cbt|ft|soat|agent|imt|oas)-|xwfp-"
    r"|1//0|whsec_|dbt[cus]_|nvapi-|sntry[su]_|AT(?:ATT|CTT)3|do[opr]_v1_|shp(?:at|ca|pa|ss)_"
    r"|sq0(?:atp|csp)-|xkeysib-|lsv2_[ps][tk]_|pcsk_|glsa_|[A-Za-z0-9]{14}\.atlasv1\."
)
PREFIXED = rf"(?:{_PREFIX})[A-Za-z0-9=+/%]{{20,}}|(?:{_RARE_PREFIX})[A-Za-z0-9_=+/%-]{{20,}}"
NAME_LIKE = re.compile(rf"sk-|{_PREFIX}|{_RARE_PREFIX}")
SHAPES = re2.compile(
    rf"(?P<anywhere>(?:{ANYWHERE})(?:{ANYWHERE}|{WORD})*)"
    rf"|(?P<before>{WORD_START})(?P<word>(?:{WORD})(?:{ANYWHERE}|{WORD})*"
    rf"|{PREFIXED})"
)

# Keys of Azure's storage, Cosmos, Event Hubs and DevOps have a mark of their own near their end.
AZURE_MARKS = ("+ASt", "+AMC", "+ABa", "ACDb", "+ASb", "+AEh", "+ARm", "AIoT", "AZDO")
AZURE_KEY = re2.compile(
    r"[A-Za-z0-9+/]{76}(?:ACDb|\+(?:ABa|AMC|ASt))[A-Za-z0-9+/]{5}[AQgw]=="
    r"|[A-Za-z0-9+/]{33}(?:AIoT|\+(?:ASb|AEh|ARm))[A-P][A-Za-z0-9+/]{5}="
    r"|[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}"
)

_BODY = r"(?:\[redacted\]|[A-Za-z0-9+/=]|\s|\\[nr])*"
_HEADERS = r"(?:\s*[A-Za-z-]+: [^\n]*\n)*"
_END = r"(-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----)"

# A whole block, or as much of one as a cut at its end has left.
PRIVATE_KEY = re2.compile(
    rf"(-----BEGIN [A-Z ]{{0,40}}PRIVATE KEY(?: BLOCK)?-----)"
    rf"(?:{_HEADERS}{_BODY}{_END}|\[redacted\]"
    rf"|{_HEADERS}(?:(?:\s|\\[nr])*[A-Za-z0-9+/=]{{24,}})+(?:\s*[A-Za-z0-9+/=]+)?)"
)
END_OF_PRIVATE_KEY = re2.compile(rf"\A-{{0,5}}[A-Z ]{{0,60}}-{{0,5}}{_HEADERS}{_BODY}{_END}")


def without_shapes(text: str) -> str:
    """The text with what looks like a key, a token or a JWT replaced."""
    text = SHAPES.sub(_shape, text)
    if any(mark in text for mark in AZURE_MARKS):
        text = AZURE_KEY.sub(REDACTED, text)
    return str(text)


def without_private_keys(text: str) -> str:
    """The text with the bodies of PEM blocks replaced; their marks stay."""
    return str(PRIVATE_KEY.sub(rf"\1{REDACTED}\2", text))


def without_end_of_private_key(text: str) -> str:
    """A text whose beginning is missing, without the rest of the key that it begins in."""
    return str(END_OF_PRIVATE_KEY.sub(rf"{REDACTED}\1", text, count=1))


def _shape(found: re.Match[str]) -> str:
    """A key has digits; `sk-learn-training-pipeline` is a name."""
    anywhere, before, word = found.groups()
    if anywhere:
        return REDACTED
    is_name = NAME_LIKE.match(word) and not any(char.isdigit() for char in word[len("r8_") :])
    return before + (word if is_name else REDACTED)
