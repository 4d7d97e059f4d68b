"""Frames: which of them is the user's own, wherever and however it is printed."""

import json

import pytest

from jobmon.diagnosis import ErrorReport
from rules.causes import parse_text


def read(text: str, *, source: str = "") -> ErrorReport:
    return parse_text(text, field="trace", source=source)


def test_a_notebook_trace_gives_the_cell_the_line_and_the_code() -> None:
    report = read(
        "\x1b[0;31m---------------------------------------------------------------\x1b[0m\n"
        "\x1b[0;31mValueError\x1b[0m               Traceback (most recent call last)\n"
        "File \x1b[0;32m<command-5940880623511431>, line 10\x1b[0m\n"
        "\x1b[1;32m      8\x1b[0m frames = []\n"
        "\x1b[0;32m---> 10\x1b[0m pd.concat(frames)\n"
        "\n"
        "File \x1b[0;32m/databricks/python/lib/python3.11/site-packages/pandas/x.py:372\x1b[0m,"
        " in concat(objs)\n"
        '\x1b[0;32m--> 372\x1b[0m     raise ValueError("No objects to concatenate")\n'
        "\n"
        "\x1b[0;31mValueError\x1b[0m: No objects to concatenate\n"
    )

    assert report.headline == "ValueError: No objects to concatenate"
    assert report.user_frame is not None
    assert report.user_frame.cell == "<command-5940880623511431>"
    assert report.user_frame.line == 10
    assert report.user_frame.code == "pd.concat(frames)"


@pytest.mark.parametrize(
    ("line", "cell", "number"),
    [
        ("File <command-12>:7, in load(x)", "<command-12>", 7),
        ("File <command-12>, line 7", "<command-12>", 7),
        ("<command-12> in load(x)", "<command-12>", 7),
        ("Cell In[3], line 7", "Cell In[3]", 7),
        ("File ~/.ipykernel/2345/command-12-34:7, in load(x)", "command-12-34", 7),
        ('File "<command-12>", line 7, in load', "<command-12>", 7),
    ],
)
def test_cells_are_recognised_in_every_way_they_are_printed(
    line: str, cell: str, number: int
) -> None:
    report = read(f"KeyError      Traceback (most recent call last)\n{line}\n----> 7 d['a']\n")

    assert report.user_frame is not None
    assert (report.user_frame.cell, report.user_frame.line) == (cell, number)
    assert report.user_frame.code == "d['a']"


def test_the_user_frame_is_the_deepest_outside_installed_packages() -> None:
    report = read(
        "Traceback (most recent call last):\n"
        '  File "/Workspace/Repos/etl/main.py", line 33, in <module>\n'
        "    load()\n"
        '  File "/Workspace/Repos/etl/load.py", line 7, in load\n'
        '    spark.table("a.b")\n'
        '  File "/databricks/spark/python/pyspark/errors/captured.py", line 230, in deco\n'
        "    raise converted from None\n"
        "ValueError: bad\n"
    )

    assert report.user_frame is not None
    assert report.user_frame.file == "/Workspace/Repos/etl/load.py"
    assert report.user_frame.line == 7
    assert report.user_frame.code == 'spark.table("a.b")'


def test_a_file_that_the_task_runs_is_the_users_wherever_it_lies() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/usr/lib/jobs/nightly.py", line 4, in <module>\n'
        "ValueError: bad\n"
    )

    assert read(text).user_frame is None
    assert read(text, source="3").user_frame is None
    frame = read(text, source="/usr/lib/jobs/nightly.py").user_frame
    assert frame is not None
    assert frame.line == 4


def test_a_frame_names_a_file_on_a_drive_of_windows() -> None:
    text = (
        "KeyError                                  Traceback (most recent call last)\n"
        "File c:\\Users\\An Other\\jobs\\daily.py:41, in load(day)\n"
        "---> 41     return rows[day]\n"
        "\n"
        "KeyError: 'day'\n"
    )

    frame = read(text).user_frame

    assert frame is not None
    assert (frame.file, frame.line) == ("c:\\Users\\An Other\\jobs\\daily.py", 41)
    assert frame.function == "load(day)"


def test_a_line_of_source_is_seen_through_when_the_head_of_its_stack_was_cut_off() -> None:
    text = (
        '   1305             raise ValueError("Wrong length of array")\n'
        "-> 1307         _safe_call(\n"
        "LightGBMError: Length of label is not same with #data\n"
    )

    report = read(text)

    assert report.headline == "LightGBMError: Length of label is not same with #data"


def test_what_source_raises_is_told_by_the_error_below_it_when_the_head_is_gone() -> None:
    text = (
        "line 88, in fit_all\n"
        '    raise ValueError("Fitting failed") from error\n'
        "ValueError: Fitting failed\n"
    )

    assert read(text).headline == "ValueError: Fitting failed"


def test_frames_of_compiled_code_are_no_message() -> None:
    text = (
        "RuntimeError: expected scalar type Half but found Double (data_ptr<c10::Half> at "
        "/opt/torch/include/ATen/core/TensorMethods.h:51)\n"
        "frame #0: c10::Error::Error(c10::SourceLocation, std::string const&) + 0x33 (0x7f01 in "
        "/opt/torch/lib/libc10.so)\n"
        "frame #1: <unknown function> + 0x22df4 (0x7f02 in /opt/tide/knn.so)\n"
    )

    assert read(text).headline == text.splitlines()[0]


def test_the_place_that_pytest_prints_below_an_error_is_none() -> None:
    text = (
        ">   ???\n"
        "E   pandas.errors.ParserError: Error tokenizing data. C error: out of rows\n"
        "\n"
        "pandas/_libs/parsers.pyx:890: ParserError\n"
    )

    assert [cause.type for cause in read(text).causes] == ["pandas.errors.ParserError"]


@pytest.mark.parametrize(
    "source",
    [
        "     41 except KeyError:\n     42   return default\n",
        "     41 except (KeyError, FileExistsError) as error:  # told below\n",
        "    work(folder)\nexcept FileExistsError:\n    remove(folder)\n",
    ],
    ids=["numbered", "several types", "without numbers"],
)
def test_what_a_handler_waits_for_was_not_raised(source: str) -> None:
    report = read(f"{source}\nOSError: [Errno 5] Input/output error\n")

    assert report.headline == "OSError: [Errno 5] Input/output error"
    assert [cause.type for cause in report.causes] == ["OSError"]


def test_a_function_is_named_without_what_is_left_of_a_line_end_escaped_twice() -> None:
    trace = 'Traceback (most recent call last):\n  File "/jobs/a.py", line 3, in f\nValueError: x'

    frame = parse_text(json.dumps(json.dumps(trace)), field="logs").user_frame

    assert frame is not None
    assert frame.function == "f"
