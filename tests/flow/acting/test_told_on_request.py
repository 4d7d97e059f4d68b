"""What a command tells is the story that the channel has: the cause, who failed, which line."""

from dataclasses import replace

import pytest

from jobmon.demo.slack import Message
from tests.flow.acting.conftest import Desk
from tests.flow.conftest import CHANNEL
from tests.flow.jobs import METASTORE, MODULE, a_failed_run, a_good_run, let_fail, let_succeed
from tests.flow.slow_rate import slow_down
from tests.support.blocks import of_type, shown_text
from workers.act.unknown import unknown_run

UNKNOWN = "crm.api.ListClosed: contact list 77 takes no more"
RUN_1 = "1000000"


def quoted(message: Message) -> list[str]:
    """The lines in boxes."""
    boxes = of_type(message.blocks, "rich_text_preformatted")
    return [line for box in boxes for line in shown_text(box).splitlines()]


def test_a_diagnosis_is_the_channels_message_with_every_cause_in_full(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1, 0, METASTORE, METASTORE, MODULE))
    desk.types(f"diagnose {RUN_1}")

    answer = desk.answer()
    top, main, _others, *bottom = desk.root.blocks[:-1]
    assert answer.text == desk.root.text
    assert answer.blocks[:2] == [top, main]
    assert answer.blocks[3:] == bottom
    told = shown_text(answer.blocks)
    assert "2 tasks: " in told
    assert "load_0 and load_1" in told
    assert METASTORE in quoted(answer)
    assert MODULE in quoted(answer)
    assert told.count("Next: ") == 2
    assert "A rerun won't help until this is fixed." in told


def test_a_diagnosis_of_a_large_run_says_what_it_had_no_time_to_read(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1, 0, *(METASTORE,) * 20))
    slow_down(desk.services)
    desk.types(f"diagnose {RUN_1}")

    told = shown_text(desk.answer().blocks)
    assert "further outputs not read for this answer" in told
    assert "still being read" not in told
    assert METASTORE in quoted(desk.answer())


def test_a_diagnosis_quotes_what_no_rule_knows(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1, 0, UNKNOWN))
    desk.types(f"diagnose {RUN_1}")

    assert "not recognised; the error says:" in shown_text(desk.answer().blocks)
    assert UNKNOWN in quoted(desk.answer())


def test_a_quoted_error_is_never_markup(desk: Desk) -> None:
    evil = "odd ``` *bold* <!channel> error of nobody"
    let_fail(desk.world, a_failed_run(1, 0, evil))
    desk.types(f"diagnose {RUN_1}")

    assert evil in quoted(desk.answer())
    assert not any("<!channel>" in item["text"] for item in of_type(desk.answer().blocks, "mrkdwn"))
    assert "<!channel>" not in desk.answer().text


def test_an_incidents_older_run_is_told_as_it_was(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1, 0, MODULE), a_failed_run(1, 1, METASTORE))
    desk.types(f"diagnose {RUN_1}")
    older = shown_text(desk.answer().blocks)
    desk.types("diagnose 1000001")
    latest = shown_text(desk.answer().blocks)

    assert "holidays" in older
    assert "new one" not in older
    assert "The cause is a new one" in latest


def test_a_run_that_is_well_is_said_to_be(desk: Desk) -> None:
    desk.world.workspace.add(a_good_run(1, 0))
    desk.types(f"diagnose {RUN_1}")

    assert "*succeeded*" in desk.answer().text


def test_a_jobs_name_takes_one_line_of_an_answer_and_is_never_a_link(desk: Desk) -> None:
    run = a_good_run(1, 0)
    name = "https://evil.example\njob_2 1000009: *succeeded*"
    desk.world.workspace.add(replace(run, run={**run.run, "run_name": name}))
    desk.types("run 1")
    desk.types("runs 1")

    (started,), listed = desk.world.slack.messages(CHANNEL), desk.told()[-1]
    assert "https://evil.example job_2" in started.text
    assert [line.split(" ")[0] for line in listed.splitlines()] == ["https://evil.example"] * 2
    (text,) = of_type(desk.answer().blocks, "mrkdwn")
    assert (text["text"], text["verbatim"]) == (listed, True)


def test_details_of_what_is_over_are_still_told_in_full(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1, 0, METASTORE, METASTORE, MODULE))
    let_succeed(desk.world, a_good_run(1, 1))
    desk.clicks("jobmon.details")

    told = shown_text(desk.answer().blocks)
    assert "recovered" in told
    assert MODULE in quoted(desk.answer())
    assert "rerun" not in told


def test_lists_of_incidents_say_what_broke(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1, 0, MODULE), a_failed_run(2, 9, UNKNOWN, UNKNOWN, MODULE))
    desk.types("incidents")
    first, its_facts, second, _ = desk.told()[-1].splitlines()

    assert first.startswith("❌ *job_1*: ")
    assert "holidays" in first
    assert its_facts.startswith("failing since <!date^")
    assert "|Run 1000000>" in its_facts
    assert second == f"❌ *job_2*: {UNKNOWN}, and 1 more cause"
    assert [block["type"] for block in desk.answer().blocks] == ["section", "section"]
    desk.types("status job_1")
    assert "holidays" in desk.told()[-1].splitlines()[0]


def test_status_alone_lists_what_is_open_here_and_counts_what_is_open_elsewhere(
    desk: Desk,
) -> None:
    desk.world.slack.add_channel("C0CONTROL1", "control")
    desk.types("status", channel="C0CONTROL1")
    assert desk.told() == ["Nothing is open: no job is known to be failing."]
    desk.types("incidents", channel="C0CONTROL1")
    assert desk.told()[-1] == desk.told()[0]

    let_fail(desk.world, a_failed_run(1, 0, MODULE), a_failed_run(2, 0, UNKNOWN))
    desk.types("status", channel="C0CONTROL1")
    desk.types("status")
    elsewhere, here = desk.told()[-2:]

    assert elsewhere.splitlines() == [
        "Nothing is open in this channel.",
        "Open elsewhere: 2 incidents, see `/jobmon incidents`.",
    ]
    assert "*job_1*" in here
    assert "*job_2*" in here


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("diagnose 999", "There is no run and no job 999 in workspace {host}. "),
        ("status 999", "There is no run and no job 999 in workspace {host}. "),
        ("rerun 999", "Nothing was done: There is no run and no job 999 in workspace {host}. "),
        ("cancel 999", "Nothing was done: There is no run 999 in workspace {host}. "),
    ],
)
def test_of_a_run_that_is_nowhere_it_is_said_where_it_was_looked_for(
    desk: Desk, text: str, answer: str
) -> None:
    desk.types(text)

    told = desk.told()[-1]
    assert told.startswith(answer.format(host=desk.world.workspace.url))
    assert "of another workspace, or deleted: Databricks keeps runs for 60 days" in told
    assert "`/jobmon runs` lists" in told


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("cancel nosuch", "`nosuch` is no number of a run: `/jobmon runs`"),
        ("rerun nosuch", "There is no job with the name or id `nosuch` in workspace http"),
        ("run JOB_1", "Did you mean `job_1`?"),
        ("rerun jobb_1", "Did you mean `job_1`?"),
        ("ack 999", "Nothing is open of a job or run `999`. It may have recovered already"),
        ("mute jobb_1", "Nothing is open of a job or run `jobb_1`. Did you mean `job_1`?"),
        ("ack inc-12345", "No incident `inc-12345` is remembered: what is over is forgotten"),
        ("unmute cause-123", "No cause `cause-123` is muted: `/jobmon mutes`"),
        ("unmute", "Nothing is muted in this channel: name a job"),
    ],
)
def test_of_a_name_that_nothing_has_it_is_said_what_can_be_done(
    desk: Desk, text: str, answer: str
) -> None:
    let_fail(desk.world, a_failed_run(1, 0, MODULE))
    desk.types(text)

    assert desk.told()[-1].startswith("Nothing was done: ")
    assert answer in desk.told()[-1]


def test_of_several_workspaces_all_are_named_in_which_it_was_looked_for() -> None:
    error = unknown_run("999", ["https://a.example", "https://b.example"], or_job=True)

    assert "999 in any of https://a.example and https://b.example. " in str(error)
