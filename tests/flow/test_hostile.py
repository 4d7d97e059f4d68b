"""Names and texts of strangers stay text: in Slack, mail, console, keys and metrics."""

import json
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default as default_policy
from html.parser import HTMLParser
from io import StringIO

import pytest
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console

from jobmon.digest import Delivery, DeliveryKind, Destination
from jobmon.store.redis_store import RedisStore
from notifiers.console import ConsoleNotifier
from tests.flow.conftest import CHANNEL, World
from tests.flow.tricks import TRICK, TRICKS, is_clean, tell


@pytest.fixture
def told(world: World) -> World:
    return tell(world, TRICK)


def parts(value: object, path: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Every object in a structure of blocks."""
    if isinstance(value, dict):
        yield path, value
        for name, item in value.items():
            yield from parts(item, f"{path}.{name}")
    if isinstance(value, list | tuple):
        for item in value:
            yield from parts(item, path)


def sent_blocks(world: World) -> list[dict[str, object]]:
    found = []
    for call in world.slack.calls:
        blocks = call.arguments.get("blocks")
        if blocks:
            found += [
                part for _, part in parts(json.loads(blocks) if isinstance(blocks, str) else blocks)
            ]
    return found


def test_slack_markup_is_ours_alone(told: World) -> None:
    markup = [str(part["text"]) for part in sent_blocks(told) if part.get("type") == "mrkdwn"]
    fallback = [
        str(call.arguments["text"]) for call in told.slack.calls if "text" in call.arguments
    ]

    assert markup
    for text in (*markup, *fallback):
        for tag in re.findall(r"<([^>]*)>", text):
            assert tag.startswith(("!date^", told.workspace.url)), tag
        assert is_clean(text)


def test_slack_blocks_mention_and_link_nothing_of_a_strangers(told: World) -> None:
    blocks = sent_blocks(told)
    kinds = {part.get("type") for part in blocks}
    urls = [str(part["url"]) for part in blocks if "url" in part]

    assert not kinds & {"user", "usergroup", "broadcast", "channel", "link", "emoji", "image"}
    assert all(url.startswith(told.workspace.url) for url in urls)
    assert all(is_clean(str(part["text"])) for part in blocks if isinstance(part.get("text"), str))
    assert all(part["emoji"] is False for part in blocks if part.get("type") == "plain_text")


def test_buttons_carry_ids_only(told: World) -> None:
    values = [str(part["value"]) for part in sent_blocks(told) if "value" in part]

    assert values
    assert all(re.fullmatch(r"inc-[0-9a-f]+\|\d+(\|\w+)?", value) for value in values)


def test_mail_headers_are_ours_alone(told: World) -> None:
    (mail,) = told.mailbox.messages
    parsed = message_from_bytes(mail.raw, policy=default_policy)

    assert parsed["To"] == "data@example.com"
    assert not {"Bcc", "X-Evil"} & set(parsed.keys())
    assert len(parsed.get_all("Subject", [])) == 1
    assert all(is_clean(str(value)) and "\n" not in str(value) for value in parsed.values())


class Tags(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")


def test_html_holds_no_tag_or_address_of_a_strangers(told: World) -> None:
    (mail,) = told.mailbox.messages
    parsed = message_from_bytes(mail.raw, policy=default_policy)
    html = parsed.get_body(("html",))
    assert html is not None
    page = Tags()
    page.feed(html.get_content())

    assert not page.tags & {"script", "img", "iframe", "object", "form", "base", "svg"}
    assert not [name for name in page.attributes if name.startswith("on") or name == "src"]
    assert all(url.startswith(told.workspace.url) for url in page.attributes.get("href", []))
    assert "49" not in re.findall(r"\b49\b", html.get_content())


def test_plain_mail_and_attachments_hold_no_control_characters(told: World) -> None:
    (mail,) = told.mailbox.messages
    parsed = message_from_bytes(mail.raw, policy=default_policy)
    plain = parsed.get_body(("plain",))
    assert plain is not None

    assert is_clean(plain.get_content().replace("\r\n", "\n"))
    assert [part.get_filename() for part in parsed.iter_attachments()] == []


def test_the_console_shows_text_only(told: World) -> None:
    (incident,) = RedisStore(told.client).incidents()
    digest = RedisStore(told.client).digest(incident.incident_id)
    assert digest is not None
    output = StringIO()
    console = Console(file=output, force_terminal=True, width=100, color_system=None, markup=False)
    delivery = Delivery(
        delivery_id="d-1",
        destination=Destination.parse("console:"),
        kind=DeliveryKind.ROOT,
        digest=digest,
    )
    ConsoleNotifier(console).send(delivery, root=None)
    shown = re.sub(r"\x1b\[[0-9;]*m", "", output.getvalue())

    assert is_clean(shown)


def test_keys_and_metrics_hold_nothing_of_a_strangers(told: World) -> None:
    names = [key.decode() for key in told.client.scan_iter("*")]
    assert names
    assert all(re.fullmatch(r"[A-Za-z0-9:_@.,-]+", name) for name in names), names

    families = list(text_string_to_metric_families(told.web.get("/metrics").text))
    values = {
        value
        for family in families
        for sample in family.samples
        for name, value in sample.labels.items()
        if name != "le"
    }
    assert all(re.fullmatch(r"[a-z_-]+", value) for value in values)


def test_an_event_of_an_unreadable_run_stays_text_too(world: World) -> None:
    world.fails(999, job={"job_id": 7, "name": TRICK})
    world.work()

    assert len(world.slack.messages(CHANNEL)) == 1
    test_slack_markup_is_ours_alone(world)
    test_slack_blocks_mention_and_link_nothing_of_a_strangers(world)
    test_mail_headers_are_ours_alone(world)


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: ascii(trick[:20]))
def test_each_trick_alone_stays_text_everywhere(world: World, trick: str) -> None:
    tell(world, trick)

    for check in (
        test_slack_markup_is_ours_alone,
        test_slack_blocks_mention_and_link_nothing_of_a_strangers,
        test_buttons_carry_ids_only,
        test_mail_headers_are_ours_alone,
        test_html_holds_no_tag_or_address_of_a_strangers,
        test_plain_mail_and_attachments_hold_no_control_characters,
        test_the_console_shows_text_only,
        test_keys_and_metrics_hold_nothing_of_a_strangers,
    ):
        check(world)
