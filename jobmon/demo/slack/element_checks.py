"""Checks of the parts of blocks: texts, buttons, menus, dialogs."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from jobmon.demo.slack.team import mapping

Faults = Iterator[str]
STYLES = frozenset({"primary", "danger"})


def keys(
    found: Mapping[str, object], needed: AbstractSet[str], allowed: AbstractSet[str], where: str
) -> Faults:
    """What is missing, and what does not belong."""
    for name in sorted(needed - found.keys()):
        yield f"missing required field: {name} [json-pointer:{where}]"
    for name in sorted(found.keys() - needed - allowed - {"type", "block_id"}):
        yield f"invalid additional property: {name} [json-pointer:{where}]"


def length(value: object, limit: int, where: str, *, least: int = 1) -> Faults:
    """A string of so many characters, counted as JavaScript does."""
    if not isinstance(value, str):
        yield f"must be a string [json-pointer:{where}]"
        return
    size = len(value.encode("utf-16-le", errors="surrogatepass")) // 2
    if size < least:
        yield f"must be more than {least - 1} characters [json-pointer:{where}]"
    if size > limit:
        yield f"must be less than {limit + 1} characters [json-pointer:{where}]"


def check_text(value: object, limit: int, where: str, *, only: str = "") -> Faults:
    """A text object."""
    text = mapping(value)
    kind = text.get("type")
    if kind not in ({only} if only else {"plain_text", "mrkdwn"}):
        yield f"unsupported type: {kind} [json-pointer:{where}/type]"
        return
    allowed = {"emoji"} if kind == "plain_text" else {"verbatim"}
    yield from keys(text, {"text"}, allowed, where)
    yield from length(text.get("text"), limit, f"{where}/text")


def check_elements(value: object, allowed: AbstractSet[str], where: str) -> Faults:
    """Interactive elements, each with an action id of its own."""
    seen: set[object] = set()
    for item, at in each(value, 25, where):
        element = mapping(item)
        kind = element.get("type")
        if kind not in allowed:
            yield f"unsupported type: {kind} [json-pointer:{at}/type]"
            continue
        yield from length(element.get("action_id"), 255, f"{at}/action_id")
        if element.get("action_id") in seen:
            yield f"`action_id` already exists [json-pointer:{at}/action_id]"
        seen.add(element.get("action_id"))
        yield from _button(element, at) if kind == "button" else _menu(element, at)


def each(value: object, limit: int, where: str) -> Iterator[tuple[object, str]]:
    """The items of a list, with where they are."""
    items = value if isinstance(value, list) else []
    for at, item in enumerate(items[:limit]):
        yield item, f"{where}/{at}"


def _button(element: Mapping[str, object], where: str) -> Faults:
    optional = {"value", "url", "style", "confirm", "accessibility_label"}
    yield from keys(element, {"text", "action_id"}, optional, where)
    yield from check_text(element.get("text"), 75, f"{where}/text", only="plain_text")
    if "value" in element:
        yield from length(element["value"], 2000, f"{where}/value")
    if "url" in element:
        yield from length(element["url"], 3000, f"{where}/url")
        if not str(element["url"]).startswith(("https://", "http://")):
            yield f"invalid url [json-pointer:{where}/url]"
    if element.get("style", "primary") not in STYLES:
        yield f"invalid style [json-pointer:{where}/style]"
    if "confirm" in element:
        yield from _confirm(mapping(element["confirm"]), f"{where}/confirm")


def _confirm(dialog: Mapping[str, object], where: str) -> Faults:
    yield from keys(dialog, {"title", "text", "confirm", "deny"}, {"style"}, where)
    yield from check_text(dialog.get("title"), 100, f"{where}/title", only="plain_text")
    yield from check_text(dialog.get("text"), 300, f"{where}/text")
    yield from check_text(dialog.get("confirm"), 30, f"{where}/confirm", only="plain_text")
    yield from check_text(dialog.get("deny"), 30, f"{where}/deny", only="plain_text")


def _menu(element: Mapping[str, object], where: str) -> Faults:
    overflow = element.get("type") == "overflow"
    needed = {"options", "action_id"} | (set() if overflow else {"placeholder"})
    yield from keys(element, needed, {"confirm", "initial_option", "focus_on_load"}, where)
    if not overflow:
        at = f"{where}/placeholder"
        yield from check_text(element.get("placeholder"), 150, at, only="plain_text")
    limit = 5 if overflow else 100
    options = element.get("options")
    if not isinstance(options, list) or not 1 <= len(options) <= limit:
        yield f"must have 1 to {limit} options [json-pointer:{where}/options]"
    for item, at in each(options, limit, f"{where}/options"):
        option = mapping(item)
        yield from keys(option, {"text", "value"}, {"description", "url"}, at)
        yield from check_text(option.get("text"), 75, f"{at}/text", only="plain_text")
        yield from length(option.get("value"), 150, f"{at}/value")
