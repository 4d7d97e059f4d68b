"""Errors that come as JSON or XML, alone or inside another message."""

import json

import pytest

from jobmon.diagnosis import CauseKind
from rules.causes import parse_text


def test_an_error_body_in_json_gives_its_code_and_its_message() -> None:
    report = parse_text(
        'HTTP/1.1 404 Not Found\n{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"No cluster"}',
        field="error",
    )

    assert report.root is not None
    assert report.root.kind is CauseKind.JSON
    assert report.root.error_condition == "RESOURCE_DOES_NOT_EXIST"
    assert report.root.message == "No cluster"


def test_an_error_body_in_xml_gives_its_code_and_its_message() -> None:
    report = parse_text(
        "BotoServerError: 500 Internal Server Error\n"
        "<Error><Code>InsufficientInstanceCapacity</Code><Message>No c4 here</Message></Error>",
        field="error",
    )

    assert report.root is not None
    assert report.root.type == "InsufficientInstanceCapacity"
    assert report.root.message == "No c4 here"


@pytest.mark.parametrize(
    "text",
    [
        'Error: creating Workspace: Code="SkuNotAvailable" Message="No F8s here"',
        "ErrorCode=SkuNotAvailable,'Type=Acme.HybridException,Message=No F8s here",
        "Copy failed. ErrorCode: 'SkuNotAvailable'. Message: 'No F8s here'",
    ],
)
def test_an_error_body_in_pairs_gives_its_code_and_its_message(text: str) -> None:
    report = parse_text(text, field="error")

    assert report.root is not None
    assert report.root.type == "SkuNotAvailable"
    assert report.root.message.startswith("No F8s here")


def test_an_error_body_as_ruby_prints_it_gives_its_code_and_its_message() -> None:
    report = parse_text(
        'invalid response returned: {"Error"=>{"Message"=>"Rate exceeded", "Code"=>"Throttling"}}',
        field="logs",
    )

    assert report.root is not None
    assert (report.root.type, report.root.message) == ("Throttling", "Rate exceeded")


def test_an_error_that_a_notebook_names_no_type_for_is_what_it_says() -> None:
    report = parse_text(
        '"output": {\n"ename": "Error",\n"evalue": "Interpreter died:\\n",\n"status": "error"\n}',
        field="error",
    )

    assert [cause.text for cause in report.causes] == ['"evalue": "Interpreter died:\\n",']


def test_a_jupyter_error_in_json_is_one_cause() -> None:
    report = parse_text(
        '"status": "error",\n"ename": "AnalysisException",\n'
        '"evalue": "Path does not exist: /mnt/x",\n"traceback": [\n'
        '"Traceback (most recent call last):\\n",\n"AnalysisException: Path does not exist\\n"\n]',
        field="error",
    )

    assert report.headline == '"evalue": "Path does not exist: /mnt/x",'
    assert report.root is not None
    assert report.root.type == "AnalysisException"


def test_the_message_of_an_answer_printed_over_lines_lies_below_the_error_above_it() -> None:
    report = parse_text(
        "acme.api.Forbidden: 403 POST https://api.acme.com/v1/tables: {\n"
        '  "error": {\n    "code": 403,\n    "request": null,\n'
        '    "message": "The account may not write to the table orders.",\n'
        '    "status": "PERMISSION_DENIED"\n  }\n}',
        field="error",
    )

    assert report.headline == '    "message": "The account may not write to the table orders.",'
    assert [cause.type for cause in report.causes] == ["acme.api.Forbidden", ""]


def test_a_log_event_whose_end_was_cut_off_is_read_as_far_as_it_goes() -> None:
    report = parse_text(
        '{"time": "10:00", "level": "INFO", "msg": "starting"}\n'
        '{"time": "10:01", "level": "ERROR", "msg": "OSError: No such directory: /data",'
        ' "exc_info": "Traceback (most recent call last):\\n  File \\"/app/load.py\\", line 3',
        field="logs",
    )

    assert report.root is not None
    assert report.root.type == "OSError"
    assert report.root.line == 1


def test_a_backslash_in_json_is_one_however_its_folder_is_called() -> None:
    report = parse_text(
        '"id": 7,\n"errorMessage": "OSError: No such file: \'C:\\\\new\\\\tide.csv\'"',
        field="error",
    )

    assert report.root is not None
    assert report.root.message.split("\n")[0] == r"No such file: 'C:\new\tide.csv'"


def test_a_stack_that_was_escaped_twice_is_read_line_by_line() -> None:
    stack = 'Traceback (most recent call last):\n  File "a.py", line 3, in f\nKeyError: 1'

    report = parse_text(json.dumps(json.dumps(stack)), field="error")

    assert report.root is not None
    assert (report.root.type, len(report.root.frames)) == ("KeyError", 1)


def test_the_details_of_an_answer_over_lines_say_why() -> None:
    report = parse_text(
        '{\n  "code": "ValidationFailed",\n  "message": "The pool could not be made.",\n'
        '  "details": [\n    {\n      "code": "NoRoom",\n'
        '      "message": "The region mars has no room for it."\n    }\n  ]\n}',
        field="error",
    )

    assert report.root is not None
    assert report.root.message.startswith("The region mars has no room for it.")


def test_the_raw_content_of_an_answer_says_what_is_wrong() -> None:
    report = parse_text(
        "client.UnexpectedResponse: Unexpected Response: 409 (Conflict)\n"
        "Raw response content:\n"
        'b\'{"status":{"error":"Wrong input: Collection `orders` already exists!"}}\'',
        field="trace",
    )

    assert "already exists" in report.headline


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("error_code", "message"),
        ("errorCode", "errorMessage"),
        ("error_type", "msg"),
        ("ErrorName", "Description"),
        ("status", "message"),
        ("reason", "text"),
        ("exceptionCode", "fault"),
    ],
)
def test_a_code_and_a_message_count_the_same_under_any_name(key: str, said: str) -> None:
    body = json.dumps({"id": 7, key: "QUOTA_OF_PARCELS_USED_UP", said: "No more of them today"})

    for text in (body, f"ValueError: answered {body}", f"ValueError: {json.dumps(body)}"):
        report = parse_text(text, field="error")

        assert report.root is not None
        assert report.root.error_condition == "QUOTA_OF_PARCELS_USED_UP"
        assert report.root.message == "No more of them today"


def test_a_code_in_xml_counts_the_same_under_any_name() -> None:
    report = parse_text(
        "ValueError: 400 <fault><status>NO_SUCH_PARCEL</status>"
        "<why>The parcel p-7 was never sent.</why></fault>",
        field="error",
    )

    assert report.root is not None
    assert report.root.error_condition == "NO_SUCH_PARCEL"
    assert report.root.message == "The parcel p-7 was never sent."


def test_a_state_that_all_is_well_in_is_no_code_of_an_error() -> None:
    report = parse_text(
        'ValueError: {"status":"UPLOAD_COMPLETED","message":"All of it was sent"}', field="error"
    )

    assert [cause.error_condition for cause in report.causes] == [""]


def test_a_quote_within_a_message_does_not_end_it() -> None:
    said = 'For input string: "None" of all'

    for body in (
        json.dumps({"error_code": "BAD_REQUEST", "message": said}),
        str({"error_code": "BAD_REQUEST", "message": said}),
    ):
        report = parse_text(f"ValueError: {body}", field="error")

        assert report.root is not None
        assert report.root.message == said


def test_the_answer_of_an_error_lies_no_deeper_when_it_has_the_same_code() -> None:
    report = parse_text(
        "acme.RestError: INVALID_STATE: Response: {'error_code': 'INVALID_STATE', "
        "'message': 'The request is invalid.'}",
        field="error",
    )

    assert report.root is not None
    assert report.root.type == "acme.RestError"


@pytest.mark.parametrize(
    "text",
    [
        '{"anything": "Failed to send the parcel p-7"}',
        '{"id": "a1b2", "ok": false, "fault": {"why": "Failed to send the parcel p-7"}}',
        "<Anything>Failed to send the parcel p-7</Anything>",
    ],
)
def test_the_only_sentence_of_an_object_is_what_it_says(text: str) -> None:
    report = parse_text(text, field="error")

    assert report.root is not None
    assert report.root.message == "Failed to send the parcel p-7"
    assert report.headline == text


def test_the_title_of_a_page_is_not_what_is_wrong() -> None:
    report = parse_text(
        "Invalid status code '500' from https://acme.example:\n<html>\n"
        "<title>Error 500 Server Error</title>\n</html>",
        field="error",
    )

    assert report.headline == "Invalid status code '500' from https://acme.example:"


@pytest.mark.parametrize("name", ["databricks_error_message", "gcp_error_message"])
def test_what_a_platform_says_of_its_error_counts_whoever_it_is(name: str) -> None:
    report = parse_text(
        f"{name}: machine failed\nthe pool was not enlarged as its caller had asked and failed",
        field="error",
    )

    assert report.headline == f"{name}: machine failed"
