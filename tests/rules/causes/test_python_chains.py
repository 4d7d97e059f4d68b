"""Exceptions that led to one another: which of them is the cause."""

from jobmon.diagnosis import ErrorReport
from rules.causes import parse_text


def read(text: str, *, source: str = "") -> ErrorReport:
    return parse_text(text, field="trace", source=source)


def root_line(text: str) -> str:
    return read(text).headline


def test_what_an_exception_was_raised_from_is_deeper_than_it() -> None:
    report = read(
        "Traceback (most recent call last):\n"
        '  File "/app/load.py", line 3, in f\n'
        '    return row["region"]\n'
        "KeyError: 'region'\n"
        "\n"
        "The above exception was the direct cause of the following exception:\n"
        "\n"
        "Traceback (most recent call last):\n"
        '  File "/app/main.py", line 9, in <module>\n'
        "    run()\n"
        "RuntimeError: could not load partition\n"
    )

    assert report.headline == "KeyError: 'region'"
    assert [cause.type for cause in report.causes] == ["RuntimeError", "KeyError"]


def test_an_error_while_handling_another_is_its_consequence() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/app/a.py", line 1, in main\n'
        "ValueError: no rows for 2024-01-01\n"
        "\n"
        "During handling of the above exception, another exception occurred:\n"
        "\n"
        "Traceback (most recent call last):\n"
        '  File "/app/a.py", line 5, in <module>\n'
        "    sys.exit(1)\n"
        "SystemExit: 1\n"
    )

    assert root_line(text) == "ValueError: no rows for 2024-01-01"


def test_an_expected_look_up_that_was_worked_around_is_not_the_cause() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/app/a.py", line 1, in main\n'
        "KeyError: 'cached'\n"
        "\n"
        "During handling of the above exception, another exception occurred:\n"
        "\n"
        "Traceback (most recent call last):\n"
        '  File "/app/a.py", line 5, in <module>\n'
        "psycopg2.OperationalError: password authentication failed\n"
    )

    assert root_line(text) == "psycopg2.OperationalError: password authentication failed"


def test_an_error_raised_instead_of_an_expected_one_says_more() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/app/a.py", line 1, in main\n'
        "KeyError: 'original'\n"
        "\n"
        "During handling of the above exception, another exception occurred:\n"
        "\n"
        "Traceback (most recent call last):\n"
        '  File "/app/a.py", line 5, in <module>\n'
        "ValueError: Task not found: original\n"
    )

    assert root_line(text) == "ValueError: Task not found: original"


def test_a_missing_attribute_says_better_what_the_look_up_behind_it_did_not_find() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/app/frame.py", line 9, in __getattr__\n'
        "KeyError: 'total'\n"
        "\n"
        "During handling of the above exception, another exception occurred:\n"
        "\n"
        "Traceback (most recent call last):\n"
        '  File "/app/a.py", line 5, in <module>\n'
        "AttributeError: 'Row' object has no attribute 'total'\n"
    )

    assert root_line(text) == "AttributeError: 'Row' object has no attribute 'total'"


def test_a_folder_that_cannot_be_made_counts_not_that_it_was_missing() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/usr/lib/python3.11/pathlib.py", line 1116, in mkdir\n'
        "FileNotFoundError: [Errno 2] No such file or directory: '/etl/logs/day'\n"
        "\n"
        "During handling of the above exception, another exception occurred:\n"
        "\n"
        "Traceback (most recent call last):\n"
        '  File "/usr/lib/python3.11/pathlib.py", line 1116, in mkdir\n'
        "PermissionError: [Errno 13] Permission denied: '/etl/logs'\n"
    )

    assert root_line(text) == "PermissionError: [Errno 13] Permission denied: '/etl/logs'"


def test_the_first_exception_of_a_group_is_the_cause() -> None:
    text = (
        "  + Exception Group Traceback (most recent call last):\n"
        '  |   File "/app/m.py", line 10, in <module>\n'
        "  |     asyncio.run(main())\n"
        "  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)\n"
        "  +-+---------------- 1 ----------------\n"
        "    | Traceback (most recent call last):\n"
        '    |   File "/app/m.py", line 5, in work\n'
        "    | ValueError: bad shard 3\n"
        "    +---------------- 2 ----------------\n"
        "    | Traceback (most recent call last):\n"
        '    |   File "/app/m.py", line 5, in work\n'
        "    | ValueError: bad shard 4\n"
        "    +------------------------------------\n"
    )

    assert root_line(text) == "    | ValueError: bad shard 3"


def test_an_error_shown_inside_another_is_deeper_than_it() -> None:
    report = read(
        "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='api.acme.io', port=443): "
        "Max retries exceeded with url: /v1 (Caused by NewConnectionError('<conn>: Failed to "
        "establish a new connection: [Errno 111] Connection refused'))"
    )

    assert report.root is not None
    assert report.root.type == "NewConnectionError"
    assert report.root.message.endswith("[Errno 111] Connection refused")


def test_a_cancelled_wait_says_less_than_the_interrupt_that_came_of_it() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/app/main.py", line 9, in wait\n'
        "    await task\n"
        "asyncio.exceptions.CancelledError\n"
        "\n"
        "During handling of the above exception, another exception occurred:\n"
        "\n"
        "Traceback (most recent call last):\n"
        '  File "/app/main.py", line 12, in <module>\n'
        "    main()\n"
        "KeyboardInterrupt\n"
    )

    assert root_line(text) == "KeyboardInterrupt"


def test_an_interrupt_while_an_error_was_handled_is_what_ended_the_task() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/jobs/poll.py", line 8, in once\n'
        "ValueError: no answer yet\n"
        "\n"
        "During handling of the above exception, another exception occurred:\n"
        "\n"
        "Traceback (most recent call last):\n"
        '  File "/jobs/poll.py", line 10, in wait\n'
        "    time.sleep(30)\n"
        "KeyboardInterrupt\n"
    )

    assert root_line(text) == "KeyboardInterrupt"
