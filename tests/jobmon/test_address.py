"""Only addresses that keep a secret on the way are called, and a slip of the pen is named."""

import pytest

from jobmon.address import fault_of_host, is_safe_to_call, is_this_machine
from jobmon.errors import SettingsError
from jobmon.settings_reader import read_settings


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("127.0.0.1", True),
        ("127.8.0.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("LocalHost", True),
        ("smtp.example.com", False),
        ("localhost.example.com", False),
        ("127.0.0.1.example.com", False),
        ("10.0.0.1", False),
        ("", False),
        (None, False),
    ],
)
def test_this_machine_is_known_by_its_name_or_a_loopback_address(
    host: str | None, *, is_ours: bool
) -> None:
    assert is_this_machine(host) is is_ours


@pytest.mark.parametrize(
    "url",
    [
        "https://hc-ping.com/uuid",
        "http://127.0.0.1:8000/x",
        "http://[::1]:8000/",
        "http://localhost/",
    ],
)
def test_https_and_this_machine_may_be_called(url: str) -> None:
    assert is_safe_to_call(url)
    assert read_settings({"JOBMON_HEARTBEAT_URL": url}).policy.heartbeat_url.reveal() == url


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/uuid",
        "http://127.0.0.1.example.com/",
        "http://localhost@example.com/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "https://",
        "https://[::1",
        "hc-ping.com/uuid",
    ],
)
def test_anything_else_is_a_fault_that_does_not_show_it(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"JOBMON_HEARTBEAT_URL": url})

    assert caught.value.faults == ("JOBMON_HEARTBEAT_URL: expected an https:// address",)


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
def test_an_address_of_a_workspace_is_taken(host: str) -> None:
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
def test_what_is_no_address_of_a_workspace_is_refused_with_what_to_write(host: str) -> None:
    assert f"{host!r} is no workspace's address: write https://" in fault_of_host(host)


def test_a_password_before_the_host_is_not_shown() -> None:
    assert "secret" not in fault_of_host("https://me:secret@workspace/path")
