"""The files of a new rule: ready to fill in, with samples that fail until it is done."""

from jobmon.errors import InvalidPayload
from jobmon.redact import redact
from rules.causes import clean
from rules.rulefile import NAME, USERS_CODE

_RULE = """\
code = "{code}"
name = "{name}"
summary = "Say in one sentence what broke."
category = "user_code_exception"
confidence = "medium"
rerun = "unknown"

why = '''
Say in a sentence or two why it happens.
'''

remedy = '''
Say what a person does about it.
'''

references = ["https://docs.databricks.com/"]

[match]
any = [
  {{ field = "message", regex = 'the fixed words, with (?P<name>\\S+) for what varies' }},
]
"""

_MATCH = """\
source = "{source}"

[failure]
error = '''
{text}
'''

[expect]
captures = {{ name = "what it must capture" }}
"""

_IGNORE = """\
source = "synthetic"

[failure]
error = '''
A text that is nearly the same and means something else.
'''
"""


def scaffold(code: str, name: str, text: str = "") -> dict[str, str]:
    """Return the new rule's files by their path in its folder; secrets in `text` are taken out."""
    if not USERS_CODE.fullmatch(code):
        message = f"{code!r} is not a code for a rule of yours; write X and three digits: X101"
        raise InvalidPayload(message, field="code")
    if not NAME.fullmatch(name):
        message = f"{name!r} is not a name; write words with dashes: nightly-window-missed"
        raise InvalidPayload(message, field="name")
    # TOML takes no control character but these two.
    printed = "".join(char for char in clean(text) if char in "\n\t" or " " <= char != "\x7f")
    shown = redact(printed).strip().replace("'''", '"""')
    source = "recorded, scrubbed" if shown else "synthetic"
    sample = shown or "The text as the software prints it."
    return {
        "rule.toml": _RULE.format(code=code, name=name),
        "samples/match_first.toml": _MATCH.format(source=source, text=sample),
        "samples/ignore_near.toml": _IGNORE,
    }
