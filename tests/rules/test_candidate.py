"""Where a cause stands in its report, and to which cause a line belongs."""

from jobmon.diagnosis import Cause, CauseKind, ErrorReport
from rules.candidate import Band, cause_at, on_cause
from rules.place import Place
from rules.ruleset import load

RULE = load().rules[0]


def a_cause(line: int, end_line: int, *, wrapper: str = "") -> Cause:
    return Cause(
        kind=CauseKind.PYTHON,
        type="ValueError",
        message="",
        line=line,
        end_line=end_line,
        text="ValueError",
        field="error",
        wrapper=wrapper,
    )


def owner(line: int, *causes: Cause) -> Cause | None:
    index = cause_at(ErrorReport(causes=causes), Place("error", line))
    return None if index is None else causes[index]


def test_a_line_belongs_to_the_cause_that_begins_there_however_long_it_is() -> None:
    before, begins = a_cause(2, 3), a_cause(3, 9)

    assert owner(3, before, begins) is begins


def test_a_line_within_two_causes_belongs_to_the_narrower_and_of_equals_to_the_inner() -> None:
    wide, narrow, inner = a_cause(0, 9), a_cause(5, 7), a_cause(5, 7)

    assert owner(6, wide, narrow, inner) is inner
    assert owner(8, wide, narrow, inner) is wide
    assert owner(10, wide, narrow, inner) is None


def test_a_line_belongs_to_a_wrapper_only_where_nothing_else_has_it() -> None:
    wrapper, cause = a_cause(3, 4, wrapper="carries the error below it"), a_cause(2, 9)

    assert owner(3, wrapper, cause) is cause
    assert owner(3, wrapper) is wrapper


def test_a_cause_of_another_text_does_not_have_the_line() -> None:
    report = ErrorReport(causes=(a_cause(0, 9),))

    assert cause_at(report, Place("logs", 3)) is None


def standing(report: ErrorReport, index: int) -> tuple[Band, int]:
    candidate = on_cause(RULE, report, index)
    assert candidate.cause is report.causes[index]
    return candidate.band, candidate.distance


def test_where_no_root_was_chosen_each_cause_stands_for_it() -> None:
    report = ErrorReport(causes=(a_cause(0, 1), a_cause(2, 3, wrapper="names no cause")))

    assert standing(report, 0) == (Band.ROOT, 0)
    assert standing(report, 1) == (Band.WRAPPER, 0)


def test_how_far_a_cause_is_from_the_root_is_counted_to_the_root_itself() -> None:
    causes = (a_cause(0, 1), a_cause(2, 3), a_cause(2, 3))
    report = ErrorReport(causes=causes, root=causes[2])

    assert causes[1] == causes[2]
    assert [standing(report, index) for index in range(3)] == [
        (Band.CAUSE, 2),
        (Band.CAUSE, 1),
        (Band.ROOT, 0),
    ]
