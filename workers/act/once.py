"""One effect, once: who asked for it first has it, the others learn who that was."""

from dataclasses import dataclass
from datetime import timedelta

from jobmon.action import Action
from notifiers.slack.mrkdwn import person
from workers.act.answer import Answer, refused
from workers.services import Services

EFFECT_MEMORY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Who has an effect already."""

    by: str

    def refusal(self, action: Action) -> Answer:
        """What the second one reads; of two people the thread tells too."""
        if self.by == action.actor.user_id:
            return refused("That was asked for already, by you.")
        return refused(
            f"That was asked for already, by {person(self.by)}.",
            said=f"asked to {action.kind} as well: it was under way already.",
            in_thread=True,
        )


def claim_once(
    services: Services, name: str, action: Action, *, ttl: timedelta = EFFECT_MEMORY
) -> Claimed | None:
    """Take an effect; None when it is ours to do, also when it was ours before a crash."""
    value = f"{action.actor.user_id}|{action.action_id}"
    before = services.store.remember_once(name, ttl=ttl, value=value)
    if before is None or before == value:
        return None
    return Claimed(by=before.partition("|")[0])


def release(services: Services, name: str) -> None:
    """Give an effect free that did not happen."""
    services.store.forget_once(name)


def asked_before(services: Services, name: str, action: Action) -> bool:
    """Whether another request has said this within the last minutes; if not, this one has now."""
    window = services.second_request_window
    before = services.store.remember_once(name, ttl=window, value=action.action_id)
    return before not in {None, action.action_id}
