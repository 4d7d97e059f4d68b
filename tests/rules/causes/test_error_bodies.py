"""Errors that come as JSON or XML, alone or inside another message."""

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
    assert report.root.condition == "RESOURCE_DOES_NOT_EXIST"
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
