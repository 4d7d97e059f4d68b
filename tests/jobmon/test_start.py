"""What is wrong at start is said all at once, by whatever process."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from jobmon.data_folder import require_usable
from jobmon.errors import SettingsError
from jobmon.start import Look, look_at_redis, look_at_redis_if_set, settings_to_start


def refuse(_environ: Mapping[str, str]) -> None:
    raise SettingsError(("KEYBOARD: it is missing", "MOUSE: it is missing"))


def faults_of(environ: Mapping[str, str], *looks: Look) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as raised:
        settings_to_start(environ, *looks)
    return raised.value.faults


def test_faults_of_settings_and_of_what_else_is_looked_at_are_told_together() -> None:
    (port, *others) = faults_of({"PORT": "many"}, refuse)

    assert port.startswith("PORT: ")
    assert others == ["KEYBOARD: it is missing", "MOUSE: it is missing"]


def test_a_fault_that_two_looks_find_is_told_once() -> None:
    (fault,) = faults_of({"REDIS_URL": "nowhere"}, look_at_redis, look_at_redis_if_set)

    assert fault.startswith("REDIS_URL: expected redis://")


def test_an_address_of_redis_is_needed_unless_a_server_stands_in_for_it() -> None:
    (fault,) = faults_of({}, look_at_redis)

    assert fault.startswith("REDIS_URL is not set")
    assert settings_to_start({}, look_at_redis_if_set).port == 8000


def test_a_folder_that_was_made_to_look_is_not_left_behind(tmp_path: Path) -> None:
    require_usable(tmp_path / "a" / "data")

    assert list(tmp_path.iterdir()) == []
