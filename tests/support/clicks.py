"""A click in the pretend Slack, as Slack tells the app about it."""

from jobmon.demo.slack import Message, PretendSlack
from jobmon.demo.slack.server import DEFAULT_CHANNEL
from jobmon.demo.slack.team import JSONObject


def acknowledge_click(slack: PretendSlack) -> JSONObject:
    """Somebody clicks *Acknowledge* below a message; its `response_url` takes answers."""
    button: JSONObject = {"type": "button", "action_id": "jobmon.ack", "value": "inc-1|3"}
    message = Message(ts="1.1", channel=DEFAULT_CHANNEL, text="")
    return slack.person().click_payload(message, button)
