"""What is wrong with an environment."""

import pytest

from jobmon.errors import SettingsError
from jobmon.settings_reader import read_settings


def faults_of(**environ: str) -> str:
    with pytest.raises(SettingsError) as caught:
        read_settings(environ)
    return "\n".join(caught.value.faults)
