"""`response_url`: answers to one interaction, for 30 minutes and five times.

https://docs.slack.dev/interactivity/handling-user-interaction
"""

import json

from jobmon.demo.slack.block_checks import check_message
from jobmon.demo.slack.team import Hook, JSONObject, Message, Refusal, Team, mapping

LIFETIME_SECONDS = 30 * 60
MAX_USES = 5
RESPONSE_URL = "response_url"
"""What such an address is called where a fault is asked for."""


def respond(team: Team, hook_id: str, body: bytes) -> bool:
    """Take an answer; False when the address is unknown, old or used up."""
    with team.lock:
        hook = team.hooks.get(hook_id)
        if hook is None or hook.uses >= MAX_USES:
            return False
        if team.clock() - hook.issued_at > LIFETIME_SECONDS:
            return False
        hook.uses += 1
        try:
            _apply(team, hook, dict(mapping(json.loads(body))))
        except (ValueError, Refusal):
            return False
        return True


def _apply(team: Team, hook: Hook, answer: JSONObject) -> None:
    channel = team.channel(hook.channel)
    text, blocks = str(answer.get("text") or ""), answer.get("blocks")
    if answer.get("delete_original"):
        channel.messages.remove(team.message(channel, hook.message_ts))
        return
    check_message(text, blocks)
    shown: list[JSONObject] = blocks if isinstance(blocks, list) else []
    if answer.get("replace_original") and hook.message_ts:
        message = team.message(channel, hook.message_ts)
        message.text, message.blocks = text, shown
        message.edits += 1
        return
    message = Message(ts=team.next_ts(), channel=channel.channel_id, text=text, blocks=shown)
    if answer.get("response_type") == "in_channel":
        message.thread_ts = str(answer.get("thread_ts") or "")
        channel.messages.append(message)
    else:
        message.ephemeral_to = hook.user
        team.ephemerals.append(message)
