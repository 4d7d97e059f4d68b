"""Termination codes of runs and clusters: what they say, and where texts state them."""

from jobmon.diagnosis import TaskFailure
from rules.texts import Text


def codes_in(failure: TaskFailure, texts: tuple[Text, ...]) -> tuple[str, ...]:
    """Return cluster codes: the API's first, then those that the texts state."""
    return (failure.cluster_code,) if failure.cluster_code else ()
