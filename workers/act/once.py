"""One effect, once: who asked for it first has it, the others learn who that was."""

from dataclasses import dataclass
from datetime import timedelta

from jobmon.action import Action
from notifiers.slack.mrkdwn import person
from workers.services import Services

EFFECT_MEMORY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Who has an effect already."""

    by: str
    mine: bool
    """It is the very same request, worked on again after a crash."""

    def words(self, action: Action) -> str:
        """What the second one reads; mrkdwn."""
        who = "you" if self.by == action.actor.user_id else person(self.by)
        return f"That was asked for already, by {who}."


def claim_once(
    services: Services, name: str, action: Action, *, ttl: timedelta = EFFECT_MEMORY
) -> Claimed | None:
    """Take an effect; None when it is ours to do."""
    value = f"{action.actor.user_id}|{action.action_id}"
    before = services.store.remember_once(name, ttl=ttl, value=value)
    if before is None:
        return None
    user, _, action_id = before.partition("|")
    return Claimed(by=user, mine=action_id == action.action_id)


def release(services: Services, name: str) -> None:
    """Give an effect free that did not happen."""
    services.store.forget_once(name)


def claimed(services: Services, name: str) -> bool:
    """Whether this was said within the last minutes; if not, it is now."""
    window = services.second_person_window
    return services.store.remember_once(name, ttl=window) is not None
