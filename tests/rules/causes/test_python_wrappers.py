"""Python exceptions that only carry another error."""

from rules.causes import parse_text


def root_line(text: str) -> str:
    return parse_text(text, field="trace").headline


def test_a_dropped_connection_is_named_by_what_dropped_it() -> None:
    report = parse_text(
        "requests.exceptions.ConnectionError: ('Connection aborted.', "
        "RemoteDisconnected('Remote end closed connection without response'))",
        field="trace",
    )

    assert report.root is not None
    assert report.root.type == "RemoteDisconnected"
    assert report.root.message == "Remote end closed connection without response"


def test_a_retry_error_wraps_what_was_retried() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/app/x.py", line 1, in call\n'
        "requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: x\n"
        "\n"
        "The above exception was the direct cause of the following exception:\n"
        "\n"
        "Traceback (most recent call last):\n"
        '  File "/app/y.py", line 1, in <module>\n'
        "tenacity.RetryError: RetryError[<Future at 0x7f state=finished raised HTTPError>]\n"
    )

    assert root_line(text).startswith("requests.exceptions.HTTPError: 503")


def test_a_failed_subprocess_says_less_than_what_it_printed() -> None:
    text = (
        "fatal: could not read Username for 'https://git.acme.io': No such device or address\n"
        "Traceback (most recent call last):\n"
        '  File "/app/x.py", line 3, in <module>\n'
        "    subprocess.check_call(cmd)\n"
        "subprocess.CalledProcessError: Command '['git']' returned non-zero exit status 128.\n"
    )

    assert root_line(text).startswith("fatal: could not read Username")


def test_a_search_whose_fits_all_failed_gives_way_to_the_error_of_the_fits() -> None:
    text = (
        "ValueError: \n"
        "All the 15 fits failed.\n"
        "It is very likely that your model is misconfigured.\n"
        "\n"
        "Below are more details about the failures:\n"
        "-----------------------------------------\n"
        "15 fits failed with the following error:\n"
        "Traceback (most recent call last):\n"
        '  File "/app/fit.py", line 3, in fit\n'
        "    check(X)\n"
        "ValueError: Input X contains NaN.\n"
    )

    assert root_line(text) == "ValueError: Input X contains NaN."


def test_a_heading_that_points_into_user_code_is_no_cause() -> None:
    text = (
        "TypeError: in user code:\n"
        "\n"
        '    File "/app/layers.py", line 4, in call  *\n'
        "        return self.mix(x)\n"
        "\n"
        "    TypeError: mix() missing 1 required positional argument: 'mask'\n"
    )

    assert (
        root_line(text).strip() == "TypeError: mix() missing 1 required positional argument: 'mask'"
    )


def test_a_pipeline_step_carries_the_error_whose_class_it_prints() -> None:
    text = (
        "PipelineStepFailed: Pipeline execution failed at `step=sync` with exception:\n"
        "\n"
        "<class 'databricks.sql.exc.RequestError'>\n"
        "Error during request to server.\n"
    )

    report = parse_text(text, field="trace")

    assert report.root is not None
    assert report.root.type == "databricks.sql.exc.RequestError"
    assert report.headline == "Error during request to server."


def test_a_status_alone_leads_to_the_message_below_it() -> None:
    text = "google.api_core.exceptions.FailedPrecondition: 400\nThe query requires an index.\n"

    assert root_line(text) == "The query requires an index."


def test_a_notebook_headline_is_told_by_the_traceback_below_it() -> None:
    text = (
        "TimeoutError: Timed out after 0:05:00\n"
        "[Trace ID: 00-228885a1-00]\n"
        "---------------------------------------------------------------------------\n"
        "ResourceExhausted                         Traceback (most recent call last)\n"
        "File /databricks/python/sdk/retries.py:36, in wrapper(*args, **kwargs)\n"
        "---> 36     return func(*args, **kwargs)\n"
        "\n"
        "ResourceExhausted: You've hit the limit for endpoints.\n"
    )

    assert root_line(text) == "ResourceExhausted: You've hit the limit for endpoints."


def test_an_address_that_was_wrapped_leads_to_what_was_answered() -> None:
    text = (
        "googleapiclient.errors.HttpError: <HttpError 400 when requesting\n"
        "https://sheets.example.com/v4/a?alt=json\n"
        'returned "Unable to parse range">\n'
    )

    assert root_line(text) == 'returned "Unable to parse range">'


def test_a_lost_gateway_says_less_than_what_the_program_raised() -> None:
    text = (
        "2023-03-30 22:09:13 INFO [root] Exception while sending command.\n"
        "Traceback (most recent call last):\n"
        '  File "/databricks/spark/lib/py4j.zip/py4j/clientserver.py", line 503, in send\n'
        "    self.socket.sendall(command)\n"
        "ConnectionResetError: [Errno 104] Connection reset by peer\n"
        "2023-03-30 22:09:18 INFO [root] training starts\n"
        "acme.errors.ShapeError: 3 columns, not 4\n"
    )

    assert root_line(text) == "acme.errors.ShapeError: 3 columns, not 4"


def test_a_report_that_failed_says_less_than_what_it_reported() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/app/scan.py", line 56, in run\n'
        "AttributeError: 'SparkSession' object has no attribute 'cursor'\n"
        "\n"
        "During handling of the above exception, another exception occurred:\n"
        "\n"
        "Traceback (most recent call last):\n"
        '  File "/usr/lib/python3.9/logging/__init__.py", line 1083, in emit\n'
        "TypeError: not all arguments converted during string formatting\n"
    )

    assert root_line(text).startswith("AttributeError: 'SparkSession'")


def test_the_operator_that_ran_spark_submit_only_says_that_it_failed() -> None:
    text = (
        "[2024-05-01, 10:24:00 UTC] {submit.py:490} INFO - Traceback (most recent call last):\n"
        '[2024-05-01, 10:24:00 UTC] {submit.py:490} INFO -   File "/app/job.py", line 1\n'
        "[2024-05-01, 10:24:00 UTC] {submit.py:490} INFO - "
        "ModuleNotFoundError: No module named 'acme'\n"
        "airflow.exceptions.AirflowException: Cannot execute: spark-submit --master local job.py. "
        "Error code is: 1.\n"
    )

    assert root_line(text).endswith("ModuleNotFoundError: No module named 'acme'")


def test_an_item_of_a_list_of_failures_is_not_the_cause_of_all() -> None:
    text = (
        "Exception: 3 of 40 tables failed: "
        "a (Timeout), b (KeyError: id), c (ValueError: no date), d (403 Forbidden)"
    )

    root = parse_text(text, field="error").root

    assert root is not None
    assert root.type == "Exception"


def test_a_statement_refused_because_an_earlier_one_failed_names_no_cause() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/app/load.py", line 9, in main\n'
        "sqlalchemy.exc.InternalError: (psycopg2.errors.InFailedSqlTransaction) current "
        "transaction is aborted, commands ignored until end of transaction block\n"
    )

    (cause,) = parse_text(text, field="trace").causes
    assert cause.wrapper


def test_a_bare_status_says_less_than_the_answer_quoted_above_it() -> None:
    text = (
        "httpx.HTTPStatusError: Client error '400 Bad Request' for url 'https://acme.io/api/2.1/x'\n"
        "\n"
        "The above exception was the direct cause of the following exception:\n"
        "\n"
        "httpx.HTTPStatusError: A job run with multiple tasks was provided. JSON response: "
        "{'error_code': 'INVALID_PARAMETER_VALUE', 'message': 'Retrieving the output of runs with "
        "multiple tasks is not supported.'}\n"
    )

    assert "multiple tasks is not supported" in root_line(text)


def test_a_bare_status_is_the_cause_where_nobody_quotes_an_answer() -> None:
    text = (
        "httpx.HTTPStatusError: Client error '400 Bad Request' for url 'https://acme.io/api/2.1/x'\n"
        "\n"
        "The above exception was the direct cause of the following exception:\n"
        "\n"
        "RuntimeError: could not fetch the output\n"
    )

    assert "400 Bad Request" in root_line(text)


def test_a_bare_404_says_less_than_the_error_that_names_what_is_not_there() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/app/client.py", line 1, in read\n'
        "httpx.HTTPStatusError: Client error '404 Not Found' for url 'http://api/blocks/lake'\n"
        "\n"
        "The above exception was the direct cause of the following exception:\n"
        "\n"
        "Traceback (most recent call last):\n"
        '  File "/app/blocks.py", line 1, in load\n'
        "ValueError: Unable to find a block named lake\n"
    )

    assert root_line(text).startswith("ValueError: Unable to find")
