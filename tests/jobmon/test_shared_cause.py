"""Which causes many jobs can share, and which each job has for itself."""

import pytest

from jobmon.diagnosis import Category
from jobmon.shared_cause import OWN, SHARED


def test_each_category_is_either_shared_or_a_jobs_own_with_a_reason() -> None:
    assert set(SHARED) | set(OWN) == set(Category)
    assert not set(SHARED) & set(OWN)
    assert all({**SHARED, **OWN}.values())


@pytest.mark.parametrize(
    "category",
    [
        Category.USER_CODE_EXCEPTION,
        Category.SYNTAX_ERROR,
        Category.OUT_OF_MEMORY,
        Category.UNKNOWN,
    ],
)
def test_what_each_job_does_to_itself_is_not_shared(category: Category) -> None:
    assert category in OWN
