"""What Python prints when code fails."""

import pytest

from jobmon.diagnosis import CauseKind, ErrorReport
from rules.causes import parse_text


def read(text: str, *, source: str = "") -> ErrorReport:
    return parse_text(text, field="trace", source=source)


def root_line(text: str) -> str:
    return read(text).headline


def test_the_last_line_of_a_traceback_is_the_cause() -> None:
    report = read(
        "Traceback (most recent call last):\n"
        '  File "/Workspace/etl/main.py", line 3, in <module>\n'
        "    import acme\n"
        "ModuleNotFoundError: No module named 'acme'\n"
    )

    assert report.root is not None
    assert report.root.kind is CauseKind.PYTHON
    assert report.root.type == "ModuleNotFoundError"
    assert report.root.message == "No module named 'acme'"
    assert report.root.line == 3


def test_a_stack_that_stands_behind_a_heading_is_read_as_far_in_as_it_is_set() -> None:
    text = (
        "Traceback:    Traceback (most recent call last):\n"
        '                File "/app/worker/job.py", line 14, in rows\n'
        "                  return json.load(file)\n"
        "              json.decoder.JSONDecodeError: Extra data: line 2 column 1 (char 88)\n"
    )

    root = read(text).root

    assert root is not None
    assert root.type == "json.decoder.JSONDecodeError"


def test_a_stack_whose_head_alone_lost_its_margin_has_its_frames() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '    File "/app/worker/job.py", line 14, in rows\n'
        "      return read(file)\n"
        '    File "/app/worker/feed.py", line 3, in read\n'
        "      raise NotImplementedError\n"
        "  NotImplementedError\n"
    )

    root = read(text).root

    assert root is not None
    assert [frame.function for frame in root.frames] == ["rows", "read"]


def test_an_error_shown_as_python_would_write_it_is_one() -> None:
    report = read(
        "Traceback (most recent call last):\n"
        '  File "/app/client.py", line 9, in connect\n'
        "    self.sign_in()\n"
        "SignInError('no provider found')\n"
    )

    assert report.root is not None
    assert (report.root.type, report.root.message) == ("SignInError", "no provider found")


def test_a_type_of_the_users_own_is_recognised_below_its_frames() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/Workspace/x.py", line 3, in <module>\n'
        "    run()\n"
        "acme.pipeline.EmptyInput: no files for 2024\n"
    )

    assert root_line(text) == "acme.pipeline.EmptyInput: no files for 2024"


def test_a_type_of_the_users_own_without_a_message_is_recognised_by_its_module() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/Workspace/x.py", line 3, in <module>\n'
        "    run()\n"
        "acme.sealing.BadSeal\n"
    )

    assert root_line(text) == "acme.sealing.BadSeal"


@pytest.mark.parametrize("line", ["KeyError：'LAKE_KEY'", "KeyError： 'LAKE_KEY'"])  # noqa: RUF001
def test_a_type_ends_at_a_wide_colon_too(line: str) -> None:
    report = parse_text(line, field="trace")

    assert report.headline == line
    assert report.root is not None
    assert (report.root.type, report.root.message) == ("KeyError", "'LAKE_KEY'")


@pytest.mark.parametrize(
    "line",
    [
        "[ERROR] Runtime.ImportModuleError: Unable to import module 'jobs.app': {}",
        "Unable to import module 'app': {}",
        '"errorMessage": "Unable to import module \'app\': {}",',
    ],
)
def test_what_the_module_of_a_handler_met_is_an_import_error(line: str) -> None:
    report = read(line.format("Install s3fs to access S3"))

    assert report.root is not None
    assert (report.root.type, report.root.message) == ("ImportError", "Install s3fs to access S3")


def test_an_exception_without_a_message_is_still_a_cause() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/Workspace/x.py", line 3, in <module>\n'
        "    assert df.count() > 0\n"
        "AssertionError\n"
    )

    assert root_line(text) == "AssertionError"


def test_a_final_line_alone_is_enough() -> None:
    report = read("ValueError: Input X contains NaN.\nOne model does not accept missing values.")

    assert report.headline == "ValueError: Input X contains NaN."
    assert report.root is not None
    assert report.root.message.splitlines()[1] == "One model does not accept missing values."


def test_what_is_typed_after_a_failure_begins_something_new() -> None:
    assert root_line(
        "    raise converted from None\n"
        "pyspark.sql.utils.AnalysisException: Path does not exist: file:/data/orders.parquet\n"
        ">>> orders.show()\n"
        "Traceback (most recent call last):\n"
        '  File "<stdin>", line 1, in <module>\n'
        "NameError: name 'orders' is not defined\n"
    ).startswith("pyspark.sql.utils.AnalysisException")


def test_what_happens_at_a_prompt_after_a_failure_is_something_new() -> None:
    assert root_line(
        "Traceback (most recent call last):\n"
        '  File "<stdin>", line 1, in <module>\n'
        "    raise converted from None\n"
        "pyspark.sql.utils.AnalysisException: Path does not exist: file:/data/orders.parquet\n"
        "\n"
        ">>> \n"
        "Traceback (most recent call last):\n"
        '  File "/opt/spark/python/pyspark/context.py", line 285, in signal_handler\n'
        "    raise KeyboardInterrupt()\n"
        "KeyboardInterrupt\n"
    ).startswith("pyspark.sql.utils.AnalysisException")


def test_what_is_wrong_with_a_field_is_quoted_where_the_field_stands_beside_the_model() -> None:
    report = parse_text(
        "pydantic.error_wrappers.ValidationError: 1 validation error for Bucket key -> file\n"
        "The path to the key is not valid (type=value_error)\n",
        field="logs",
    )

    assert report.headline == "The path to the key is not valid (type=value_error)"


def test_source_that_raises_gives_way_to_what_it_raised_though_that_says_little() -> None:
    cause = "subprocess.CalledProcessError: Command 'x' returned non-zero exit status 1."

    assert (
        root_line(f"raise subprocess.CalledProcessError(returncode=code, cmd=cmd)\n{cause}\n")
        == cause
    )
