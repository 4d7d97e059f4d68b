import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from slack_sdk.models.blocks import Block

from jobmon.demo.slack.block_checks import check_message
from jobmon.diagnosis import Rerun
from jobmon.digest import Digest
from notifiers.slack.blocks import in_full, root_message, size_of
from notifiers.slack.limits import BLOCKS_BUDGET
from tests.support import example_digests as examples
from tests.support.blocks import action_ids, of_type, shown_text, walk
from tests.support.digests import (
    RUN_URL,
    a_diagnosis,
    a_digest,
    a_finding,
    a_group,
    a_run,
    an_incident,
)
from tests.support.hostile import a_hostile_digest, hostile_texts, in_every_state

BLOCKS_WANTED = 15
"""As many as a person looks through; Slack would take more."""
EVERY_STATE = [pytest.param(make(), id=name) for name, make in examples.STATES.items()]


@pytest.mark.parametrize("digest", EVERY_STATE)
def test_slacks_rules_as_documented_are_kept(digest: Digest) -> None:
    for message in (root_message(digest), in_full(digest)):
        check_message(message.text, list(message.blocks))
        assert len(message.blocks) <= BLOCKS_WANTED
        assert size_of(message.blocks) <= BLOCKS_BUDGET


@pytest.mark.parametrize("digest", EVERY_STATE)
def test_told_in_full_every_cause_has_its_evidence_and_nothing_its_buttons(digest: Digest) -> None:
    blocks = in_full(digest).blocks

    assert len(of_type(blocks, "rich_text_preformatted")) == len(digest.diagnosis.groups)
    assert not action_ids(blocks)
    assert not of_type(blocks, "user", "usergroup")


def test_told_in_full_to_one_person_what_does_not_fit_is_counted() -> None:
    groups = [a_group(tasks=[f"t{number}"], excerpt=("x" * 500,) * 8) for number in range(40)]
    message = in_full(a_digest(diagnosis=a_diagnosis(*groups)))

    shown = len(of_type(message.blocks, "rich_text_preformatted"))
    assert size_of(message.blocks) <= BLOCKS_BUDGET
    assert f"and {40 - shown} more causes" in shown_text(message.blocks)
    assert "more lines not shown" in shown_text(message.blocks)


@pytest.mark.parametrize("digest", EVERY_STATE)
def test_slacks_own_sdk_reads_the_blocks_without_losing_anything(digest: Digest) -> None:
    for block in root_message(digest).blocks:
        parsed = Block.parse(block)

        assert parsed is not None
        assert parsed.to_dict() == block


@settings(max_examples=60)
@given(hostile_texts)
def test_no_text_of_strangers_becomes_a_mention_or_a_link(text: str) -> None:
    digests = in_every_state(a_hostile_digest(text))
    for message in (draw(digest) for digest in digests for draw in (root_message, in_full)):
        check_message(message.text, list(message.blocks))
        assert size_of(message.blocks) <= BLOCKS_BUDGET
        assert not of_type(message.blocks, "user", "usergroup", "link", "broadcast")
        assert not [item for item in walk(message.blocks) if "url" in item]
        for markup in (message.text, *(m["text"] for m in of_type(message.blocks, "mrkdwn"))):
            rest = markup.replace("<!date^", "")
            assert "<!" not in rest
            assert "<@" not in rest
            assert "<#" not in rest
            assert "<http" not in rest


@given(hostile_texts)
@settings(max_examples=40)
def test_no_control_or_bidi_character_gets_through(text: str) -> None:
    message = root_message(a_hostile_digest(text))
    shown = shown_text(message.blocks) + message.text

    assert not set(shown) & set("\x00\x07\x1b\u202e\u2066\u200b\ufeff")
    shown.encode()


def test_only_the_run_we_were_given_is_linked() -> None:
    message = root_message(a_digest())

    assert f"<{RUN_URL}|Run 123>" in shown_text(message.blocks)
    assert [item["url"] for item in walk(message.blocks) if "url" in item] == [RUN_URL]


def test_the_people_from_the_settings_are_mentioned_at_the_first_failure() -> None:
    digest = a_digest(mentions=("U0ONCALL01", "S0DATATEAM"))

    blocks = root_message(digest).blocks

    assert [item["user_id"] for item in of_type(blocks, "user")] == ["U0ONCALL01"]
    assert [item["usergroup_id"] for item in of_type(blocks, "usergroup")] == ["S0DATATEAM"]


@pytest.mark.parametrize("digest", [examples.resolved(), examples.muted()], ids=["over", "muted"])
def test_nobody_is_mentioned_where_there_is_nothing_to_do(digest: Digest) -> None:
    called = replace(digest, mentions=("U0ONCALL01",))

    assert not of_type(root_message(called).blocks, "user")


@pytest.mark.parametrize("target", ["<!channel>", "channel", "U1", "u0oncall01", "here"])
def test_a_mention_that_is_no_id_is_left_out(target: str) -> None:
    blocks = root_message(a_digest(mentions=(target,))).blocks

    assert not of_type(blocks, "user", "usergroup", "broadcast")


@pytest.mark.parametrize(
    ("digest", "expected"),
    [
        pytest.param(
            examples.many_tasks_one_cause(), ["rerun", "ack", "mute", "details", "open"], id="open"
        ),
        pytest.param(
            examples.acknowledged(), ["rerun", "mute", "details", "open"], id="acknowledged"
        ),
        pytest.param(examples.repairing(), ["details", "open"], id="repairing"),
        pytest.param(examples.muted(), ["rerun", "unmute", "details", "open"], id="muted"),
        pytest.param(examples.resolved(), ["details", "open"], id="resolved"),
        pytest.param(examples.platform(), ["ack", "mute", "details"], id="many jobs"),
    ],
)
def test_the_buttons_follow_the_state(digest: Digest, expected: list[str]) -> None:
    names = [name.removeprefix("jobmon.") for name in action_ids(root_message(digest).blocks)]

    assert names == expected


def test_there_are_no_buttons_when_no_click_could_come_back() -> None:
    assert not action_ids(root_message(a_digest(actions_enabled=False)).blocks)


def test_a_button_carries_the_incident_and_the_version_that_was_on_the_screen() -> None:
    blocks = root_message(a_digest(incident=an_incident(version=9))).blocks

    values = {item["value"] for item in of_type(blocks, "button")}

    assert values == {"inc-0123456789abcdef|9"}


def test_the_mute_menu_offers_terms() -> None:
    (menu,) = of_type(root_message(a_digest()).blocks, "static_select")

    assert [option["value"].rpartition("|")[2] for option in menu["options"]] == [
        "60",
        "1440",
        "changed",
    ]


@pytest.mark.parametrize(
    ("rerun", "words"),
    [
        (Rerun.UNLIKELY_TO_HELP, "a rerun won't help until the cause is fixed"),
        (Rerun.LIKELY_TO_HELP, "a rerun is likely to help"),
        (Rerun.UNKNOWN, "don't know whether a rerun helps"),
    ],
)
def test_the_question_before_a_rerun_says_what_the_rules_say(rerun: Rerun, words: str) -> None:
    digest = a_digest(diagnosis=a_diagnosis(a_group(finding=a_finding(rerun=rerun))))

    (button,) = [
        item
        for item in of_type(root_message(digest).blocks, "button")
        if item["action_id"] == "jobmon.rerun"
    ]

    assert words in button["confirm"]["text"]["text"]


def test_names_in_backticks_are_shown_as_code() -> None:
    message = root_message(a_digest())

    code = [item["text"] for item in walk(message.blocks) if item.get("style") == {"code": True}]
    nearest = ["order_timestamp", "order_id", "customer_id"]
    assert code == ["order_ts", *nearest, "df.printSchema()", "DESCRIBE TABLE"]


def test_the_decisive_lines_are_quoted_as_they_stand() -> None:
    group = a_group(excerpt=("KeyError: `a` <b> *c*", "  at line 3"))

    (quoted,) = of_type(
        root_message(a_digest(diagnosis=a_diagnosis(group))).blocks, "rich_text_preformatted"
    )

    assert quoted["elements"] == [{"type": "text", "text": "KeyError: `a` <b> *c*\n  at line 3"}]


def test_an_incident_of_many_jobs_counts_them_once() -> None:
    assert shown_text(root_message(examples.platform()).blocks).count("40") == 1


@pytest.mark.parametrize(
    "words",
    ["The table is not there. ", "注文テーブルが見つかりません。", "Таблица заказов не найдена. "],
)
def test_no_script_has_less_room_than_another(words: str) -> None:
    line = (words * 20)[:150]
    groups = [
        a_group(finding=a_finding(summary=line), fingerprint=f"f{number}", excerpt=(line,) * 6)
        for number in range(4)
    ]
    blocks = root_message(a_digest(diagnosis=a_diagnosis(*groups))).blocks

    assert shown_text(blocks).count(line.rstrip()) == 6 + len(groups)


def test_a_huge_diagnosis_is_cut_and_says_so() -> None:
    groups = [
        a_group(fingerprint=f"f{number}", excerpt=("界" * 400,) * 8, tasks=[f"t{number}"])
        for number in range(40)
    ]
    message = root_message(a_digest(diagnosis=a_diagnosis(*groups), run=a_run(tasks=40)))

    assert size_of(message.blocks) <= BLOCKS_BUDGET
    assert "more causes in the thread" in shown_text(message.blocks)
    assert "more lines in the thread" in shown_text(message.blocks)


def test_every_state_keeps_rich_text_since_an_edit_may_not_drop_it() -> None:
    for make in examples.STATES.values():
        assert of_type(root_message(make()).blocks, "rich_text")


def test_a_recovery_needs_no_trace() -> None:
    blocks = root_message(examples.resolved()).blocks

    assert not of_type(blocks, "rich_text_preformatted")
    assert "25 tasks had failed: " in shown_text(blocks)


def test_a_person_is_shown_by_name_where_the_id_is_slacks() -> None:
    assert "by <@U0ANA00001>" in shown_text(root_message(examples.acknowledged()).blocks)


def test_rendering_is_pure() -> None:
    digest = examples.several_causes()

    assert json.dumps(root_message(digest).blocks) == json.dumps(
        root_message(replace(digest)).blocks
    )
