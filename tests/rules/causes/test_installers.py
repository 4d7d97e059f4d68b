"""What is quoted of installers and of builds that went through another tool."""

import pytest

from rules.causes import parse_text
from rules.causes.prefixes import peel


def root_line(text: str) -> str:
    return parse_text(text, field="logs").headline


@pytest.mark.parametrize("prefix", ["#12 3.456 ", "> #12 197.4 ", "4.922   ", "19.53 ", "197.4 "])
def test_the_seconds_that_docker_prints_are_looked_through(prefix: str) -> None:
    assert peel(f"{prefix}KeyError: 'QUILL_HOME'").body == "KeyError: 'QUILL_HOME'"


@pytest.mark.parametrize("line", ["3.11 is too old", "0.5 of the rows", "2.12 and 2.13 differ"])
def test_a_version_or_number_at_the_start_belongs_to_the_message(line: str) -> None:
    assert peel(line).body == line


def test_what_docker_says_of_the_build_that_failed_ends_the_message_of_what_failed() -> None:
    cause = "ERROR: Could not install packages due to an OSError: [Errno 122] Disk quota exceeded"
    text = (
        f"{cause}\n\n"
        "The command '/bin/sh -c pip install -r requirements.txt' returned a non-zero code: 1\n"
        "docker: Error response from daemon: pull access denied for lake/etl\n"
    )

    report = parse_text(text, field="logs")

    assert report.root is not None
    assert (report.headline, report.root.end_line) == (cause, 0)


def test_the_source_that_poetry_draws_in_a_docker_build_is_no_cause() -> None:
    cause = "4.922   error: command 'gcc' failed: No such file or directory"
    text = (
        f"{cause}\n4.922 \n"
        "4.922   at /usr/lib/python3/site-packages/poetry/installation/chef.py:164 in _prepare\n"
        '4.926       161│                 error = ChefBuildError("\\n\\n".join(message_parts))\n'
        "4.927     → 164│                 raise error from None\n"
    )

    assert root_line(text) == cause


@pytest.mark.parametrize(
    "cause",
    [
        "error: could not compile `quillcore` (lib) due to 2 previous errors",
        "CMake is not installed on your system!",
    ],
)
def test_why_a_package_could_not_be_built_says_more_than_that_it_was_not(cause: str) -> None:
    text = (
        f"{cause}\nERROR: Failed building wheel for quillmath\n"
        "ERROR: Failed to build installable wheels for some pyproject.toml based projects\n"
    )

    assert root_line(text) == cause


def test_that_a_package_was_not_built_is_quoted_when_nothing_says_why() -> None:
    text = (
        "  error: subprocess-exited-with-error\n"
        "  ERROR: Failed building wheel for quillmath\n"
        "Failed to build quillmath\n"
    )

    assert root_line(text) == "  ERROR: Failed building wheel for quillmath"


def test_a_list_below_a_type_is_quoted_by_the_type() -> None:
    text = "ResolvePackageNotFound:\n  - quillmath==4.2.0=h1ba5d50_4\n  - inkwell=1.9\n"

    assert root_line(text) == "ResolvePackageNotFound:"


def test_what_a_build_script_printed_says_more_than_the_installer_around_it() -> None:
    cause = "      error in quill setup command: use_2to3 is invalid."
    text = (
        "  error: subprocess-exited-with-error\n"
        "  x python setup.py egg_info did not run successfully.\n"
        "  ╰─> [1 lines of output]\n"
        f"{cause}\n"
        "      [end of output]\n"
        "error: metadata-generation-failed\n"
        "x Encountered error while generating package metadata.\n"
    )

    assert root_line(text) == cause


def test_the_error_that_databricks_quotes_below_a_failed_installation_is_the_cause() -> None:
    text = (
        "acme.PipesError: Error running the job: Library installation failed for library "
        'due to user error for whl: "/x/quill.whl"\n'
        " Error messages:\n"
        "Library installation attempted on the driver node of cluster 0420-181146-k and failed. "
        "Error Code: DRIVER_LIBRARY_INSTALLATION_FAILURE. Error Message: "
        "org.apache.spark.SparkException: the filesystem is not ready.\n"
    )

    report = parse_text(text, field="message")

    assert report.root is not None
    assert report.root.message == "the filesystem is not ready."
