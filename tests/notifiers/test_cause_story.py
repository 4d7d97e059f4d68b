"""What a message says of each cause, whatever medium shows it."""

from dataclasses import replace

from notifiers.console import ROOM
from notifiers.story import story_of
from tests.support import example_digests as examples
from tests.support.digests import a_diagnosis, a_digest, a_finding, a_group, an_unknown_group


def test_a_single_task_is_named_and_many_are_counted() -> None:
    one = story_of(a_digest(), room=ROOM).causes[0]
    many = story_of(examples.many_tasks_one_cause(), room=ROOM).causes[0]

    assert (one.count, one.names) == ("load_orders", "")
    assert (many.count, many.names) == ("25 tasks", "load_000, load_001, load_002 and 22 more")


def test_iterations_of_one_task_are_counted_as_times() -> None:
    group = a_group(tasks=["score"], count=12)

    assert story_of(a_digest(diagnosis=a_diagnosis(group)), room=ROOM).causes[0].count == (
        "score (12 times)"
    )


def test_causes_beyond_the_room_are_counted() -> None:
    groups = [a_group(fingerprint=f"f{number}") for number in range(9)]
    story = story_of(a_digest(diagnosis=a_diagnosis(*groups)), room=replace(ROOM, causes=6))

    assert (len(story.causes), story.more_causes) == (6, 3)
    assert story_of(a_digest(), room=ROOM).more_causes == 0


def test_a_remedy_is_told_once_unless_another_has_been_told_since() -> None:
    remedies = ("", "Install it.", "Install it.", "", "Install it.", "Grant it.", "Install it.")
    groups = [a_group(finding=a_finding(remedy=remedy)) for remedy in remedies]
    room = replace(ROOM, causes=len(groups))
    told = story_of(a_digest(diagnosis=a_diagnosis(*groups)), room=room).causes

    shown = [cause.remedy for cause in told]
    assert shown == ["", "Install it.", "As above.", "", "As above.", "Grant it.", "Install it."]


def test_lines_beyond_the_room_are_counted() -> None:
    group = a_group(excerpt=tuple(f"line {number}" for number in range(8)))
    story = story_of(a_digest(diagnosis=a_diagnosis(group)), room=replace(ROOM, excerpt_lines=3))

    assert (len(story.causes[0].excerpt), story.causes[0].excerpt_cut) == (3, 5)
    assert story_of(a_digest(), room=ROOM).causes[0].excerpt_cut == 0


def test_what_is_to_be_known_of_a_cause_is_noted_with_where_it_comes_from() -> None:
    group = replace(a_group(), note="the output\nis gone", origin="the child job load_all")
    story = story_of(a_digest(diagnosis=a_diagnosis(group)), room=ROOM)

    assert story.causes[0].notes == ("the output is gone", "From the child job load_all")
    assert story_of(a_digest(), room=ROOM).causes[0].notes == ()


def test_where_no_line_shows_a_cause_its_headline_is_quoted() -> None:
    group = replace(an_unknown_group(headline="widget 7 said no"), excerpt=())
    story = story_of(a_digest(diagnosis=a_diagnosis(group)), room=ROOM)

    assert story.causes[0].excerpt == ("widget 7 said no",)


def test_of_a_traceback_in_one_line_the_end_is_quoted() -> None:
    frames = 'Traceback (most recent call last): File "a.py", line 3, in load ' * 20
    group = a_group(excerpt=(f"{frames}ValueError: no rows",))
    story = story_of(a_digest(diagnosis=a_diagnosis(group)), room=replace(ROOM, line=80))

    (line,) = story.causes[0].excerpt
    assert line.startswith("…")
    assert line.endswith("ValueError: no rows")
