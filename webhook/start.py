"""What the web process needs to start."""

from contextlib import suppress

from jobmon.data_folder import DiskFull, require_writable
from jobmon.settings import Settings
from jobmon.settings_reader import data_folder_of
from jobmon.start import Environ, look_at_redis, settings_to_start


def settings_of_web(environ: Environ) -> Settings:
    """Parse the settings, and make the data directory.

    Raises SettingsError with every fault when they are wrong, there is no address of Redis, or the
    data directory cannot be written; a disk that is full may have room when it is needed.
    """
    return settings_to_start(environ, look_at_redis, _look_at_data_folder)


def _look_at_data_folder(environ: Environ) -> None:
    """What is made stays: other web processes start at the same time."""
    with suppress(DiskFull):  # Redis may have room
        require_writable(data_folder_of(environ))
