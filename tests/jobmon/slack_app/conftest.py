from pathlib import Path

import pytest

from jobmon.settings import Settings
from jobmon.settings_reader import read_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The least that a web process needs."""
    return read_settings(
        {
            "REDIS_URL": f"unix://{tmp_path}/nobody.sock",
            "JOBMON_WEBHOOK_USERNAME": "databricks",
            "JOBMON_WEBHOOK_PASSWORD": "secret",
            "JOBMON_DATA_DIR": str(tmp_path),
        }
    )
