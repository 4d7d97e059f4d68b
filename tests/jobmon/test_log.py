"""A line of the log in text: what it holds, and what it cannot be made to say."""

from jobmon.log import line


def rendered(**fields: object) -> str:
    event = {"timestamp": "2026-11-25T18:04:55.123456Z", "level": "info", "event": "run.looked_at"}
    return line(None, "info", event | fields)


def test_it_has_time_level_name_and_fields_by_their_names() -> None:
    text = rendered(run_id=501, failed=2, job="hourly_sessions", where="slack:C0123")

    assert text == (
        "2026-11-25T18:04:55.123456Z [info     ] run.looked_at            "
        "failed=2 job=hourly_sessions run_id=501 where=slack:C0123"
    )


def test_an_event_without_fields_is_a_line_too() -> None:
    assert rendered() == "2026-11-25T18:04:55.123456Z [info     ] run.looked_at"


def test_a_value_cannot_pass_for_another_field() -> None:
    assert rendered(job="x outcome=accepted").endswith("job='x outcome=accepted'")
    assert rendered(job='"a"').endswith("job='\"a\"'")


def test_a_trace_follows_below() -> None:
    assert rendered(exception="    Traceback").endswith("run.looked_at\n    Traceback")
