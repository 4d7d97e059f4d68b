"""Which addresses of a workspace are taken, and which are a slip of the pen."""

import pytest

from jobmon.address import fault_of_host


@pytest.mark.parametrize(
    "host",
    [
        "",
        "adb-1.2.azuredatabricks.net",
        "https://adb-1.2.azuredatabricks.net/",
        "https://workspace",
        "http://127.0.0.1:5001",
        "localhost",
    ],
)
def test_an_address_is_taken(host: str) -> None:
    assert fault_of_host(host) == ""


@pytest.mark.parametrize(
    "host",
    [
        "adb",
        "http://workspace.example.com",
        "https://adb-1.2.azuredatabricks.net/?o=3",
        "https://",
        "https://[::1",
    ],
)
def test_anything_else_is_refused_with_what_to_write(host: str) -> None:
    assert f"{host!r} is no workspace's address: write https://" in fault_of_host(host)


def test_a_password_before_the_host_is_not_shown() -> None:
    assert "secret" not in fault_of_host("https://me:secret@workspace/path")
