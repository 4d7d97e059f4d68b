"""Only who knows the user name and the password may post."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobmon.settings import Secret, WebhookSettings
from webhook.auth import is_authentic

SETTINGS = WebhookSettings(username="databricks", password=Secret("pä:ss"))


def basic(credentials: str) -> str:
    return "Basic " + b64encode(credentials.encode()).decode()


def test_the_right_credentials_are_authentic() -> None:
    assert is_authentic(basic("databricks:pä:ss"), SETTINGS)
    assert is_authentic(basic("databricks:pä:ss").replace("Basic", "basic"), SETTINGS)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic",
        "Basic !!!",
        "Basic Zm9v YmFy",
        "Bearer " + b64encode("databricks:pä:ss".encode()).decode(),
        basic("databricks"),
        basic("databricks:"),
        basic(":pä:ss"),
        basic("databricks:wrong"),
        basic("Databricks:pä:ss"),
        basic("databricks:pä:ss "),
        "Basic " + "A" * 100_000,
        "Basic \udcff",
    ],
    ids=lambda header: (header or "none")[:30].encode("ascii", "replace").decode(),
)
def test_anything_else_is_not(header: str | None) -> None:
    assert not is_authentic(header, SETTINGS)


@pytest.mark.parametrize("header", [None, basic(":"), basic("")], ids=["none", "colon", "empty"])
def test_nobody_is_authentic_while_no_credentials_are_set(header: str | None) -> None:
    assert not is_authentic(header, WebhookSettings())


@given(st.text())
def test_no_header_crashes(header: str) -> None:
    assert not is_authentic(header, SETTINGS)
