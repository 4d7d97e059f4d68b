"""The words for causes, places and durations."""

from datetime import timedelta

import pytest

from jobmon.diagnosis import Category
from notifiers.category_words import CATEGORY_WORDS
from notifiers.times import how_long
from notifiers.wording import background_of, place_of, sentence_of
from tests.support.digests import (
    a_diagnosis,
    a_digest,
    a_finding,
    a_frame,
    a_group,
)


def test_every_category_has_words() -> None:
    assert set(CATEGORY_WORDS) == set(Category)


def test_a_finding_without_a_sentence_falls_back_to_its_category() -> None:
    group = a_group(finding=a_finding(summary=" "))

    assert sentence_of(group) == "Column not found."


@pytest.mark.parametrize(
    ("frame", "place"),
    [
        (a_frame(), "In notebook /Workspace/etl/load_orders, cell 3, line 12"),
        (a_frame(file="/app/etl/load.py", cell=""), "In file /app/etl/load.py, line 12"),
        (a_frame(line=None), "In notebook /Workspace/etl/load_orders, cell 3"),
        (a_frame(file="<command-33>", cell=""), "In a cell of the notebook, line 12"),
        (a_frame(cell="<command-33>"), "In notebook /Workspace/etl/load_orders, line 12"),
    ],
)
def test_the_place_names_the_users_own_line(frame: object, place: str) -> None:
    assert place_of(frame) == place  # type: ignore[arg-type]


def test_a_note_has_room_for_a_reason_with_addresses() -> None:
    note = "Sent here because the mail server refuses " + ", ".join(
        f"oncall-team-{number}@data-platform.example.com (no such user)" for number in range(4)
    )
    digest = a_digest(diagnosis=a_diagnosis(a_group(), notes=(note,)))

    assert note in background_of(digest)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (2520, "42 min"), (12000, "3 h 20 min"), (187200, "2 d 4 h")],
)
def test_durations_have_two_units_at_most(seconds: int, words: str) -> None:
    assert how_long(timedelta(seconds=seconds)) == words
