"""Block Kit JSON as HTML, for the blocks that jobmon uses."""

from collections.abc import Callable, Mapping

from markupsafe import Markup

from jobmon.demo.page.mrkdwn_html import Names, link_html, mention_html, mrkdwn_html
from jobmon.demo.slack.team import JSONObject, mapping

Block = Mapping[str, object]


def blocks_html(blocks: list[JSONObject], names: Names) -> Markup:
    """All blocks of a message."""
    return Markup("\n").join(_block(block, names) for block in blocks)


def _block(block: Block, names: Names) -> Markup:
    render = RENDERERS.get(str(block.get("type")))
    if render is None:
        return Markup('<div class="section">[{}]</div>').format(block.get("type"))
    return render(block, names)


def _header(block: Block, names: Names) -> Markup:
    return Markup('<h3 class="header">{}</h3>').format(_text(block.get("text"), names))


def _section(block: Block, names: Names) -> Markup:
    return Markup('<div class="section">{}</div>').format(_text(block.get("text"), names))


def _divider(_block: Block, _names: Names) -> Markup:
    return Markup("<hr>")


def _context(block: Block, names: Names) -> Markup:
    spans = (
        Markup("<span>{}</span>").format(_text(item, names)) for item in _items(block, "elements")
    )
    return Markup('<div class="context">{}</div>').format(Markup("").join(spans))


def _rich_text(block: Block, names: Names) -> Markup:
    parts = (_container(item, names) for item in _items(block, "elements"))
    return Markup('<div class="rich">{}</div>').format(Markup("").join(parts))


def _container(item: Block, names: Names) -> Markup:
    if item.get("type") == "rich_text_list":
        points = (
            Markup("<li>{}</li>").format(_runs(point, names)) for point in _items(item, "elements")
        )
        return Markup("<ul>{}</ul>").format(Markup("").join(points))
    shapes = {
        "rich_text_preformatted": Markup("<pre>{}</pre>"),
        "rich_text_quote": Markup("<blockquote>{}</blockquote>"),
    }
    shape = shapes.get(str(item.get("type")), Markup("<p>{}</p>"))
    return shape.format(_runs(item, names))


def _runs(item: Block, names: Names) -> Markup:
    return Markup("").join(_run(run, names) for run in _items(item, "elements"))


def _run(run: Block, names: Names) -> Markup:
    match run.get("type"):
        case "user":
            return mention_html(str(run.get("user_id")), names)
        case "usergroup":
            return mention_html(str(run.get("usergroup_id")), names)
        case "link":
            url = str(run.get("url"))
            return link_html(url, str(run.get("text") or url))
        case _:
            text = Markup("{}").format(str(run.get("text", "")))
            style = mapping(run.get("style"))
            text = Markup("<code>{}</code>").format(text) if style.get("code") else text
            text = Markup("<i>{}</i>").format(text) if style.get("italic") else text
            return Markup("<b>{}</b>").format(text) if style.get("bold") else text


def _actions(block: Block, names: Names) -> Markup:
    parts = (_element(item, names) for item in _items(block, "elements"))
    return Markup('<div class="actions">{}</div>').format(Markup("").join(parts))


def _element(item: Block, names: Names) -> Markup:
    action = str(item.get("action_id", ""))
    if item.get("type") == "button":
        confirm = mapping(item.get("confirm"))
        question = " ".join(
            str(mapping(confirm.get(part)).get("text", "")) for part in ("title", "text")
        ).strip()
        button = Markup(
            '<button type="button" class="{}" data-action="{}" data-url="{}" data-confirm="{}">'
            "{}</button>"
        )
        label = _text(item.get("text"), names)
        url = str(item.get("url") or "")
        return button.format(item.get("style") or "", action, url, question, label)
    options = (
        Markup("<option>{}</option>").format(_text(option.get("text"), names))
        for option in _items(item, "options")
    )
    menu = Markup(
        '<select data-action="{}" aria-label="{}"><option value="">{}</option>{}</select>'
    )
    label = _text(item.get("placeholder"), names) or Markup("…")
    return menu.format(action, label, label, Markup("").join(options))


def _text(value: object, names: Names) -> Markup:
    text = mapping(value)
    words = str(text.get("text", ""))
    if text.get("type") == "mrkdwn":
        return mrkdwn_html(words, names)
    return Markup("{}").format(words)


def _items(block: Block, name: str) -> list[Block]:
    items = block.get(name)
    return [mapping(item) for item in items] if isinstance(items, list) else []


RENDERERS: Mapping[str, Callable[[Block, Names], Markup]] = {
    "actions": _actions,
    "context": _context,
    "divider": _divider,
    "header": _header,
    "rich_text": _rich_text,
    "section": _section,
}
