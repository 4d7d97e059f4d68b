"""The failures of the documentation's pictures are named as the pictures tell."""

import pytest

from jobmon.diagnosis import Category, Rerun, TaskFailure
from tests.support.real_causes import (
    FOLDER_MISSING,
    LEDGER_CLOSED,
    RENAMED_COLUMN,
    SPOT_LOST,
    causes,
)


@pytest.mark.parametrize(
    ("failure", "category", "rerun"),
    [
        (RENAMED_COLUMN, Category.UNRESOLVED_COLUMN, Rerun.UNLIKELY_TO_HELP),
        (SPOT_LOST, Category.SPOT_PREEMPTION, Rerun.LIKELY_TO_HELP),
        (FOLDER_MISSING, Category.PATH_NOT_FOUND, Rerun.UNLIKELY_TO_HELP),
        (LEDGER_CLOSED, Category.UNKNOWN, Rerun.UNKNOWN),
    ],
    ids=["renamed column", "spot lost", "folder missing", "ledger closed"],
)
def test_a_failure_of_the_pictures_is_of_its_kind(
    failure: TaskFailure, category: Category, rerun: Rerun
) -> None:
    (group,) = causes((failure, ["a", "b"]))

    assert (group.diagnosis.category, group.diagnosis.rerun) == (category, rerun)
    assert group.count == 2
