"""What stands behind the name of a secret and is none: code, counts, folders, names."""

import re

import re2

# Ends of sentences and of code in Markdown.
_AFTER_A_WORD = "`."

ORDINARY = re.compile(
    r"""(?ix) ^(?:
      none | null | nil | true | false | yes | no | undefined | empty | missing | required | invalid
      | expired | redacted | bearer | basic
      | str(?:ing)?\d* | bytes | binary | varchar.* | text | int(?:eger)? | bigint | long | object
      | found | provided | given | configured | nor
      | not | is | was | has | in | of | for | from | the | a | an | and | or | to | with
      | must | cannot | requires | expected | expects | option | flag | argument
      | falsch | fehlt | fehlerhaft | ung(?:ü|ue)ltig | abgelaufen | erforderlich | leer
      | nicht | ist | wurde | wird | muss | kein | keine
      | \*+ | x{3,} | \.\.\. | … | -+
      | \[redacted\].* | \$[A-Z_]+ | :\w*
      | (?: \$\{ | \{ | %\( | < ) (?! .* (?:["']: | :\s)) [^=]*
    )$"""
)
OPTION = re.compile(r"^--[a-z]")
SIGNS = re.compile(r"^[^\w\s]{1,2}$")
CALL = re.compile(r"^[A-Za-z_][\w.]*[\(\[]")
MEMBER = re2.compile(r"(?i)^[a-z_]\w*(?:\.\w+)*\.\w*(?:passw|pwd|secret|token|key|credential)\w*$")
NAMED_LIKE_ITS_KEY = re2.compile(r"(?i)^_?(?:\w*_)?(?:password|passwd|pwd|secret|token|key)$")
AN_ERRORS_CODE = re.compile(r"^[A-Z]{3,}-?\d{3,6}:$")
A_COUNT = re.compile(r"^\d{1,5}(?:\.\d+)?%?$")
# Its first part is a word, as `/databricks`, `/Workspace` and `/local_disk0` are.
A_FOLDER = re.compile(r"^/(?:[A-Z]?[a-z_]+\d?(?:/[\w.@~-]*)*)?$")
MIN_SECRET_IN_CODE = 8

# `Secret: prod-ml/crm-db not found`: so secrets of scopes and vaults are called.
A_SECRETS_NAME = re.compile(r"^[a-z0-9][a-z0-9._-]*(?:/[a-z0-9._-]+)+$")

# `orders-created-v2-2026`: words and numbers, three at least; `123e4567-e89b-12d3-a456-…` is none.
_WORD = r"(?:[A-Z]?[a-z]+\d{0,8}|[A-Z]+|[A-Z]\d{1,3}|\d+[a-z]{0,2})"
A_NAME = re2.compile(rf"^{_WORD}(?:[-_]+{_WORD}){{2,}}$")
WRITTEN_OUT = re.compile(r"[A-Za-z]{3}")
A_UUID = re.compile(r"^[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}$")


def is_ordinary(value: str) -> bool:
    """Whether nobody would choose it as a secret: `None`, `YES`, `${TOKEN}`, `)`, or nothing."""
    if not value or ORDINARY.match(value) or ORDINARY.match(value.rstrip(_AFTER_A_WORD)):
        return True
    return any(found.match(value) for found in (SIGNS, AN_ERRORS_CODE))


def has_letter_and_digit(value: str) -> bool:
    """Whether it is neither a word nor a number."""
    return any(c.isalpha() for c in value) and any(c.isdigit() for c in value)


def is_a_name(value: str) -> bool:
    """Whether it is put together from words and numbers, as names of queues and of columns are."""
    return bool(A_NAME.match(value) and WRITTEN_OUT.search(value)) and not A_UUID.match(value)
