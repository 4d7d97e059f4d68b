"""Checks of rich text: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block."""

from collections.abc import Iterator, Mapping

from jobmon.demo.slack.element_checks import each, keys, length
from jobmon.demo.slack.team import mapping

Faults = Iterator[str]

CONTAINERS = {
    "rich_text_section": frozenset[str](),
    "rich_text_preformatted": frozenset({"border", "language"}),
    "rich_text_quote": frozenset({"border"}),
    "rich_text_list": frozenset({"style", "indent", "offset", "border"}),
}
RUNS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "text": (frozenset({"text"}), frozenset({"style"})),
    "link": (frozenset({"url"}), frozenset({"text", "style", "unsafe"})),
    "user": (frozenset({"user_id"}), frozenset({"style"})),
    "usergroup": (frozenset({"usergroup_id"}), frozenset({"style"})),
    "emoji": (frozenset({"name"}), frozenset({"style", "unicode"})),
    "date": (frozenset({"timestamp", "format"}), frozenset({"url", "fallback", "style"})),
}
MAX_TEXT = 3000
MAX_ELEMENTS = 1000


def check_rich_text(value: object, where: str) -> Faults:
    """Containers and the runs inside them."""
    if not isinstance(value, list) or not value:
        yield f"must be a non-empty list [json-pointer:{where}]"
    for item, at in each(value, MAX_ELEMENTS, where):
        container = mapping(item)
        allowed = CONTAINERS.get(str(container.get("type")))
        if allowed is None:
            yield f"unsupported type: {container.get('type')} [json-pointer:{at}/type]"
            continue
        yield from keys(container, {"elements"}, allowed, at)
        yield from _contents(container, f"{at}/elements")


def _contents(container: Mapping[str, object], where: str) -> Faults:
    elements = container.get("elements")
    if container.get("type") != "rich_text_list":
        yield from _runs(elements, where)
        return
    if container.get("style") not in {"bullet", "ordered"}:
        yield f"invalid list style [json-pointer:{where}]"
    for item, at in each(elements, MAX_ELEMENTS, where):
        section = mapping(item)
        if section.get("type") != "rich_text_section":
            yield f"unsupported type: {section.get('type')} [json-pointer:{at}/type]"
        yield from _runs(section.get("elements"), f"{at}/elements")


def _runs(value: object, where: str) -> Faults:
    if not isinstance(value, list):
        yield f"must be a list [json-pointer:{where}]"
    for item, at in each(value, MAX_ELEMENTS, where):
        run = mapping(item)
        known = RUNS.get(str(run.get("type")))
        if known is None:
            yield f"unsupported type: {run.get('type')} [json-pointer:{at}/type]"
            continue
        yield from keys(run, known[0], known[1], at)
        if run.get("type") == "text":
            yield from length(run.get("text"), MAX_TEXT, f"{at}/text")
