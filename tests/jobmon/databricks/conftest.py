from collections.abc import Iterator

import pytest

from jobmon.databricks.workspace import SdkWorkspace
from jobmon.demo.workspace import PretendWorkspace
from tests.jobmon.databricks.support import connected


@pytest.fixture
def pretend() -> Iterator[PretendWorkspace]:
    with PretendWorkspace() as running:
        yield running


@pytest.fixture
def workspace(pretend: PretendWorkspace) -> SdkWorkspace:
    return connected(pretend)
