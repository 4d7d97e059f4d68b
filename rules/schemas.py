"""Two schemas printed below each other: which column only one of them has."""

from collections.abc import Iterator, Sequence

import re2

_TITLE = re2.compile(
    r"(?i)^\W*(?:\w+ ){0,2}(?:table|data|file|expected|actual|source|target|current|new)\b"
    r".{0,20}schema\b"
)
_COLUMN = re2.compile(r"^[\s|]*-- ([^:\s]{1,200}): ")
_RELATION = re2.compile(r"^[\s:+|-]*(?:\w*Relation\w*|Project) ?\[([^\[\]]{3,1000})\]")
_NUMBERED = re2.compile(r"^([^\s#(]{1,200})#\d+L?$")
MAX_COLUMNS = 2_000


def column_of_one_schema(lines: Sequence[str]) -> str:
    """Find the first column that the later of two printed schemas adds, or else lacks."""
    schemas = _schemas(lines)
    first, second = next(schemas, []), next(schemas, [])
    if not first or not second:
        return _column_of_one_relation(lines)
    added = [name for name in second if name not in first]
    lacking = [name for name in first if name not in second]
    return next(iter(added or lacking), "")


def _column_of_one_relation(lines: Sequence[str]) -> str:
    """Find it in a plan: the column by which one of two relations is larger than the other."""
    relations = (match.group(1) for line in lines if (match := _RELATION.match(line)) is not None)
    first, second = _names(next(relations, "")), _names(next(relations, ""))
    small, large = sorted((first, second), key=len)
    if not small or not set(small) < set(large):
        return ""
    return next(name for name in large if name not in small)


def _names(columns: str) -> list[str]:
    found = (_NUMBERED.match(column.strip()) for column in columns.split(","))
    return [match.group(1) for match in found if match is not None]


def _schemas(lines: Sequence[str]) -> Iterator[list[str]]:
    columns: list[str] | None = None
    for line in lines[:MAX_COLUMNS]:
        if _TITLE.match(line) is not None:
            if columns:
                yield columns
            columns = []
        elif columns is not None and (match := _COLUMN.match(line)) is not None:
            columns.append(match.group(1))
    if columns:
        yield columns
