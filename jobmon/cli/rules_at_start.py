"""What has to be right of the rules before a process starts that judges by them."""

from typing import TYPE_CHECKING

from jobmon.errors import SettingsError
from jobmon.settings_reader import rules_settings

if TYPE_CHECKING:
    from jobmon.start import Environ
    from rules.ruleset import RuleSet


def load_rules(environ: "Environ") -> "RuleSet":
    """Load the rules that are asked for, whatever else is wrong.

    Raises SettingsError with every fault of every file.
    """
    from rules.ruleset import load  # noqa: PLC0415 (start-up time)

    wanted = rules_settings(environ)
    return load(wanted.paths, wanted.disabled)


def look_at_disabled(environ: "Environ") -> None:
    """What is switched off has to be there, be it in a file that cannot be read."""
    from rules.fallback import MEANINGS  # noqa: PLC0415 (start-up time)
    from rules.loader import CATALOG, codes_at  # noqa: PLC0415
    from rules.ruleset import prefixes_of  # noqa: PLC0415

    wanted = rules_settings(environ)
    codes = {*MEANINGS, *(code for path in (CATALOG, *wanted.paths) for code in codes_at(path))}
    faults = tuple(
        f"JOBMON_RULES_DISABLE: no rule's code begins with {prefix[:40]!r}: "
        "`jobmon rules list` shows them all"
        for prefix in prefixes_of(wanted.disabled)
        if not any(code.startswith(prefix) for code in codes)
    )
    if faults:
        raise SettingsError(faults)
