"""Take secrets out of text that came from outside: pure, linear in the text's length.

Only the secret itself is replaced, so that the rest still tells what went wrong. Reading errs on
the side of redacting what follows a name such as `password=`, but leaves code, SQL and prose that
merely speak of a password or a token.
"""

import re

import re2

from jobmon.secret_arguments import without_arguments
from jobmon.secret_headers import without_headers
from jobmon.secret_sentences import without_sentences
from jobmon.secret_settings import without_settings
from jobmon.secret_shapes import without_private_keys, without_shapes
from jobmon.secret_urls import without_urls
from jobmon.secret_values import QUOTED, unless_ordinary, without_values

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
    r"[:=/(]|--|[ '\"]-[apu]|spark\.|fs\.|bearer|basic|negotiate|splunk|authorization|password"
    r"|identified|\s(?:is|was|ist|lautet)\s",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """The text with every secret in it replaced by `[redacted]`."""
    if not text.isascii():
        text = text.encode(errors="replace").decode()  # RE2 reads UTF-8: no halves of characters
    if NEEDED.search(text):
        text = given_secrets_replaced(text)
    shown = without_shapes(text)
    if shown != text:
        shown = given_secrets_replaced(shown)  # a name may begin where a key ended: `…9efpass=`
    return shown


def given_secrets_replaced(text: str) -> str:
    """Without the secrets that are known by what stands before them."""
    text = without_urls(without_private_keys(text))
    text = SQL_PASSWORD.sub(unless_ordinary, text)
    text = SQL_BARE_PASSWORD.sub(unless_ordinary, text)
    text = without_settings(without_headers(text))
    return without_arguments(without_sentences(without_values(text)))
