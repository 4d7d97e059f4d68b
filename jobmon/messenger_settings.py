"""Read from variables how to reach Slack and the mail server."""

import re
from urllib.parse import unquote, urlsplit

from jobmon.address import is_safe_to_call
from jobmon.config_tables import SLACK_CHANNEL
from jobmon.sender import Sender, is_address, sender_in
from jobmon.settings import EmailSettings, Secret, SlackSettings, SmtpSettings
from jobmon.variables import Variables

SENDER = "JOBMON_EMAIL_FROM"


def slack_settings(reader: Variables) -> SlackSettings:
    """Tokens, secrets and the channel for what no route takes."""
    secrets = reader.words("SLACK_SIGNING_SECRET")
    token = reader.secret("SLACK_BOT_TOKEN")
    channel = reader.text("JOBMON_SLACK_CHANNEL")
    if token and not token.reveal().startswith("xoxb-"):
        reader.fault("SLACK_BOT_TOKEN: expected a bot token, which begins with xoxb-")
    app_token = reader.secret("SLACK_APP_TOKEN")
    if app_token and not app_token.reveal().startswith("xapp-"):
        reader.fault("SLACK_APP_TOKEN: expected an app-level token, which begins with xapp-")
    if channel and not re.fullmatch(SLACK_CHANNEL, channel):
        reader.fault(
            f"JOBMON_SLACK_CHANNEL: {channel[:80]!r} is no channel's id: use C0123456789, as at "
            "the bottom of its details"
        )
    elif channel and not reader.is_given("SLACK_BOT_TOKEN"):
        reader.fault("JOBMON_SLACK_CHANNEL is set but SLACK_BOT_TOKEN is not: set both or none")
    api_url = reader.text("SLACK_API_URL", "https://slack.com/api/")
    if not is_safe_to_call(api_url):
        reader.fault("SLACK_API_URL: expected an https:// address such as https://slack.com/api/")
    return SlackSettings(
        bot_token=token,
        signing_secrets=tuple(Secret(part) for part in secrets),
        app_token=app_token,
        api_url=api_url.rstrip("/") + "/",
        channel=channel,
    )


def email_settings(reader: Variables) -> EmailSettings:
    """The server, the sender and the recipients."""
    url = reader.text("SMTP_URL")
    written = reader.text(SENDER)
    sender = sender_in(written) or Sender()
    if written and not sender.address:
        reader.fault(
            f"{SENDER}: {written[:80]!r} is not a mail address: write jobmon@example.com, or "
            "jobmon <jobmon@example.com>"
        )
    recipients = reader.words("JOBMON_EMAIL_TO")
    for address in recipients:
        if not is_address(address):
            reader.fault(f"JOBMON_EMAIL_TO: {address[:80]!r} is not a mail address")
    if not url:
        if (written or recipients) and not reader.is_given("SMTP_URL"):
            reader.fault(f"SMTP_URL: set it too, or remove {SENDER} and JOBMON_EMAIL_TO")
        return EmailSettings()
    if not written:
        reader.fault(f"{SENDER}: set the address that mails come from")
    return EmailSettings(smtp=_smtp(reader, url), sender=sender, recipients=recipients)


def _smtp(reader: Variables, url: str) -> SmtpSettings:
    expected = "SMTP_URL: expected smtp://user:password@host:587 or smtps://user:password@host:465"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        reader.fault(expected)
        return SmtpSettings()
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        reader.fault(expected)
        return SmtpSettings()
    implicit_tls = parts.scheme == "smtps"
    return SmtpSettings(
        host=parts.hostname,
        port=port or (465 if implicit_tls else 587),
        username=unquote(parts.username or ""),
        password=Secret(unquote(parts.password or "")),
        implicit_tls=implicit_tls,
        starttls=not implicit_tls and "starttls=off" not in parts.query,
    )
