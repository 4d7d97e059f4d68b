"""What the app may do in a workspace, and why it has to. https://docs.slack.dev/reference/scopes."""

from collections.abc import Iterator, Mapping

from jobmon.settings import Settings

SCOPES: Mapping[str, str] = {
    "commands": "people type /jobmon",
    "chat:write": "messages are posted and edited",
    "files:write": "long errors go into the thread as files",
    "channels:history": "a message is looked for before it is posted again",
    "channels:read": "`jobmon slack check` looks whether the bot is in its channels",
    "groups:history": "the same in private channels",
    "groups:read": "the same in private channels",
    "users:read": "people are looked up",
    "users:read.email": "people's rights in Databricks are looked up by their mail address",
    "usergroups:read": "permissions can name user groups",
}


def needed(settings: Settings) -> Iterator[str]:
    """The scopes that these settings cannot do without."""
    yield from ("commands", "chat:write", "files:write", "channels:history")
    if any(permission.groups for permission in settings.permissions):
        yield "usergroups:read"
    if settings.policy.check_job_permissions:
        yield from ("users:read", "users:read.email")
