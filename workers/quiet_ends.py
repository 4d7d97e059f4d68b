"""Which runs that were stopped are told like failed ones: as the policy says."""

from jobmon.run import Outcome
from jobmon.settings import Policy


def told_quiet_ends(policy: Policy) -> frozenset[Outcome]:
    """The ends that nobody hears of unless the policy says so."""
    told = {Outcome.CANCELLED: policy.tell_cancelled, Outcome.SKIPPED: policy.tell_skipped}
    return frozenset(outcome for outcome, is_told in told.items() if is_told)
