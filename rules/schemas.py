"""Two schemas printed in one text: which column only one of them has."""

from collections.abc import Iterator, Sequence

import re2

_TITLE = re2.compile(
    r"(?i)^\W*(?:\w+ ){0,2}(?:table|data|file|expected|actual|source|target|current|new)\b"
    r".{0,20}schema\b"
)
_COLUMN = re2.compile(r"^[\s|]*-- ([^:\s]{1,200}): ")
_SET_OPERATION = re2.compile(r"^\W*(?:Union|Except|Intersect)\b[\w ,]*$")
# `Relation[id#16,name#17] parquet`, `Project [id#1L AS key#2L]`: names with their expression ids.
_OUTPUT = re2.compile(r"\[([^\[\]]*#\d+[^\[\]]*)\]")
_NAME = re2.compile(r"([^\s,\[\]#()]{1,200})#\d+L?(?:,|$)")
MAX_COLUMNS = 2_000


def column_of_one_schema(lines: Sequence[str]) -> str:
    """Find the first column that the later of two printed schemas adds, or else lacks."""
    schemas = _schemas(lines)
    first, second = next(schemas, []), next(schemas, [])
    if not first or not second:
        return ""
    return _difference(first, second)


def column_of_one_branch(lines: Sequence[str]) -> str:
    """Find the first column that only one side of a printed UNION, EXCEPT or INTERSECT has."""
    for number, line in enumerate(lines[:MAX_COLUMNS]):
        if _SET_OPERATION.match(line) is not None:
            branches = _branches(lines[number + 1 : MAX_COLUMNS])
            first, second = next(branches, []), next(branches, [])
            return _difference(first, second) if first and second else ""
    return ""


def _difference(first: list[str], second: list[str]) -> str:
    here, there = dict.fromkeys(first), dict.fromkeys(second)
    added = (name for name in there if name not in here)
    lacking = (name for name in here if name not in there)
    return next(added, next(lacking, ""))


def _branches(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the outermost columns of each branch of a plan, where its lines give any."""
    at = lines[0].find(":- ") if lines else -1
    begun = False
    columns: list[str] = []
    for line in lines if at >= 0 else ():
        if not line.strip() or line.lstrip().startswith("at "):
            break
        if line[at : at + 3] in {":- ", "+- "}:
            if begun:
                yield columns
            begun, columns = True, []
        output = _OUTPUT.search(line) if begun and not columns else None
        if output is not None:
            columns = _NAME.findall(output.group(1))
    if begun:
        yield columns


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
