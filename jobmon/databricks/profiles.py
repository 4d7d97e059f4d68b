"""Profiles of `~/.databrickscfg`: whether the one that is meant is there, and its host."""

from configparser import Error, RawConfigParser
from pathlib import Path

from jobmon.errors import CredentialError
from jobmon.settings import WorkspaceSettings

DEFAULT = "DEFAULT"
OF_THE_TOOL = "__settings__"
"""A section of the file that is no profile."""


def host_of(settings: WorkspaceSettings) -> str:
    """The host that settings or their profile name; none where the SDK has to find one itself.

    Raises CredentialError when the profile is not there, naming those that are.
    """
    path = settings.config_file.expanduser()
    profiles = _read(path)
    name = settings.profile or profiles.get(OF_THE_TOOL, {}).get("default_profile") or DEFAULT
    if settings.profile and settings.profile not in profiles:
        raise CredentialError(_missing(settings.profile, path, profiles))
    return settings.host or profiles.get(name, {}).get("host", "")


def _read(path: Path) -> dict[str, dict[str, str]]:
    parser = RawConfigParser(default_section="")  # [DEFAULT] is a profile, not everyone's values
    try:
        parser.read_string(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, Error) as exc:
        # A parser's message quotes lines, which may hold tokens.
        msg = f"{path} cannot be read ({type(exc).__name__}): it holds [profiles] with key = value"
        raise CredentialError(msg) from exc
    return {name: dict(parser[name]) for name in parser.sections()}


def _missing(name: str, path: Path, profiles: dict[str, dict[str, str]]) -> str:
    known = ", ".join(profile for profile in profiles if profile != OF_THE_TOOL)
    there = f"which has: {known}" if known else "which has none"
    if not path.exists():
        there = "which does not exist"
    return (
        f"there is no profile {name!r} in {path}, {there}. Name one that exists "
        f"(DATABRICKS_CONFIG_PROFILE), or make it: databricks configure --profile {name}"
    )
