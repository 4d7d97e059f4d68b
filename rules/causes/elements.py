"""Words that stand in an element of XML or HTML, as an answer or a page prints them."""

import re2

# What a service's answer or a page sets its words in: their end may stand on a later line.
_ELEMENT = re2.compile(
    r"(?i)^<((?:\w+:)?(?:message|msg|error|errormessage|detail|details|description|reason|cause"
    r"|exception|faultstring|text|pre|code|samp|td|li|p))(?: [^<>]{0,80})?>"
)
_WHOLE_ELEMENT = re2.compile(r"^<((?:\w+:)?\w+)(?: [^<>]{0,80})?>([^<>]* [^<>]*)</((?:\w+:)?\w+)>$")
_OF_A_PAGE = frozenset({"title", "h1", "h2", "h3"})
"""Elements that only repeat the status of an answer, as servers' pages of errors have them."""


def without_element(body: str) -> str:
    """Take words out of the element they stand in, whatever its name is where it ends here."""
    whole = _WHOLE_ELEMENT.match(body)
    if whole is not None and whole.group(1) == whole.group(3) and whole.group(1) not in _OF_A_PAGE:
        return str(whole.group(2)).strip()
    if (element := _ELEMENT.match(body)) is not None:
        return body[element.end() :].removesuffix(f"</{element.group(1)}>").strip()
    return body
