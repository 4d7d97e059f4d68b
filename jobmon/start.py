"""What has to be right before a process starts: all that is wrong with it is said at once."""

from collections.abc import Callable, Iterable, Mapping

from jobmon.data_folder import require_usable
from jobmon.errors import SettingsError
from jobmon.settings import Settings
from jobmon.settings_reader import data_folder_of, read_settings, redis_settings
from jobmon.store.client import Profile, connect

Environ = Mapping[str, str]
Look = Callable[[Environ], object]
"""Looks at one thing that settings name, and raises SettingsError with what is wrong with it.

It reads the variables that it needs by itself, so that faults of others do not keep it from that.
"""


def faults_of(environ: Environ, looks: Iterable[Look]) -> tuple[str, ...]:
    """Every fault that any of the looks finds, each once."""
    return tuple(dict.fromkeys(fault for look in looks for fault in _faults(environ, look)))


def settings_to_start(environ: Environ, *looks: Look) -> Settings:
    """Parse the settings, and look at what else this process needs.

    Raises SettingsError with every fault of them all.
    """
    read: list[Settings] = []
    if faults := faults_of(environ, (lambda given: read.append(read_settings(given)), *looks)):
        raise SettingsError(faults)
    return read[0]


def _faults(environ: Environ, look: Look) -> tuple[str, ...]:
    try:
        look(environ)
    except SettingsError as exc:
        return exc.faults
    return ()


def look_at_data_folder(environ: Environ) -> None:
    """The data directory has to take what is written; it is not left behind."""
    require_usable(data_folder_of(environ))


def look_at_redis(environ: Environ) -> None:
    """There has to be an address, one that the client can read; nothing is asked."""
    connect(redis_settings(environ).url.reveal(), Profile.WEB)


def look_at_redis_if_set(environ: Environ) -> None:
    """As `look_at_redis`, where the embedded server stands in for an address."""
    if redis_settings(environ).url:
        look_at_redis(environ)
