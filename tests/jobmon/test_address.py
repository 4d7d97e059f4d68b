"""Only addresses that keep a secret on the way are called."""

import pytest

from jobmon.address import is_safe_to_call
from jobmon.errors import SettingsError
from jobmon.settings_reader import read_settings


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
