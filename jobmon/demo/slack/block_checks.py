"""Slack's own checks of blocks, from its documentation; written apart from what renders them.

https://docs.slack.dev/reference/block-kit/blocks
"""

import json
from collections.abc import Callable, Iterator, Mapping

from jobmon.demo.slack.element_checks import (
    check_elements,
    check_text,
    each,
    keys,
    length,
)
from jobmon.demo.slack.rich_text_checks import check_rich_text
from jobmon.demo.slack.team import Refusal, mapping

MAX_BLOCKS = 50
MAX_CHARACTERS = 12_000
IN_ACTIONS = frozenset({"button", "static_select", "overflow"})

Faults = Iterator[str]


def check_message(text: object, blocks: object) -> None:
    """Refuse what Slack would refuse."""
    if not blocks:
        if not text:
            raise Refusal("no_text")
        return
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    faults = list(_faults(blocks))
    if faults:
        messages = [f"[ERROR] {fault}" for fault in faults]
        raise Refusal("invalid_blocks", response_metadata={"messages": messages})
    if len(json.dumps(blocks, ensure_ascii=False)) > MAX_CHARACTERS:
        raise Refusal("msg_blocks_too_long")


def _faults(blocks: list[object]) -> Faults:
    if len(blocks) > MAX_BLOCKS:
        yield "no more than 50 items allowed [json-pointer:/blocks]"
    seen: set[object] = set()
    for at, value in enumerate(blocks):
        block, where = mapping(value), f"/blocks/{at}"
        check = CHECKS.get(str(block.get("type")))
        if check is None:
            yield f"unsupported type: {block.get('type')} [json-pointer:{where}/type]"
            continue
        yield from check(block, where)
        block_id = block.get("block_id")
        if block_id is not None:
            yield from length(block_id, 255, f"{where}/block_id")
            if block_id in seen:
                yield f"block_id already exists [json-pointer:{where}/block_id]"
            seen.add(block_id)


def _header(block: Mapping[str, object], where: str) -> Faults:
    yield from keys(block, {"text"}, {"level"}, where)
    yield from check_text(block.get("text"), 150, f"{where}/text", only="plain_text")


def _section(block: Mapping[str, object], where: str) -> Faults:
    yield from keys(block, set(), {"text", "fields", "accessory", "expand"}, where)
    if "text" not in block and "fields" not in block:
        yield f"must have text or fields [json-pointer:{where}]"
    if "text" in block:
        yield from check_text(block["text"], 3000, f"{where}/text")
    if "fields" in block:
        for field, at in each(block["fields"], 10, f"{where}/fields"):
            yield from check_text(field, 2000, at)
        yield from _too_many(block["fields"], 10, f"{where}/fields")


def _context(block: Mapping[str, object], where: str) -> Faults:
    yield from keys(block, {"elements"}, set(), where)
    yield from _too_many(block.get("elements"), 10, f"{where}/elements")
    for element, at in each(block.get("elements"), 10, f"{where}/elements"):
        yield from check_text(element, 3000, at)


def _actions(block: Mapping[str, object], where: str) -> Faults:
    yield from keys(block, {"elements"}, set(), where)
    yield from _too_many(block.get("elements"), 25, f"{where}/elements")
    yield from check_elements(block.get("elements"), IN_ACTIONS, f"{where}/elements")


def _divider(block: Mapping[str, object], where: str) -> Faults:
    yield from keys(block, set(), set(), where)


def _rich_text(block: Mapping[str, object], where: str) -> Faults:
    yield from keys(block, {"elements"}, set(), where)
    yield from check_rich_text(block.get("elements"), f"{where}/elements")


def _too_many(value: object, limit: int, where: str) -> Faults:
    if not isinstance(value, list) or not value:
        yield f"must be a non-empty list [json-pointer:{where}]"
    elif len(value) > limit:
        yield f"no more than {limit} items allowed [json-pointer:{where}]"


CHECKS: Mapping[str, Callable[[Mapping[str, object], str], Faults]] = {
    "actions": _actions,
    "context": _context,
    "divider": _divider,
    "header": _header,
    "rich_text": _rich_text,
    "section": _section,
}
