"""Settings, parsed once from the environment and `jobmon.toml` into a frozen tree.

`jobmon.settings_reader` reads them; nothing else looks at the environment.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from jobmon.action import Permission
from jobmon.sender import Sender
from jobmon.severity import Severity


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that never shows itself: not in a repr, a log line or an error."""

    _value: str

    def reveal(self) -> str:
        """The value, for the one place that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    def __bool__(self) -> bool:
        return bool(self._value)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceSettings:
    """One Databricks workspace: how to reach it.

    `name` may end the webhook's address, `/webhooks/databricks/<workspace>`. Without a host, the
    SDK's own unified authentication decides (a profile, or what it finds on a laptop).
    """

    name: str = "default"
    workspace_id: int | None = None
    host: str = ""
    token: Secret = Secret("")
    client_id: str = ""
    client_secret: Secret = Secret("")
    profile: str = ""
    config_file: Path = Path("~/.databrickscfg")
    """Where the profiles are."""
    environment: str = ""
    in_file: bool = False
    """Whether `jobmon.toml` says it, and not the environment."""

    @property
    def host_key(self) -> str:
        """What names the host, for who has to change it."""
        of_file = f"the host of workspace {self.name} in jobmon.toml"
        return of_file if self.in_file else "DATABRICKS_HOST"

    @property
    def is_set(self) -> bool:
        """Whether anything at all was said about it."""
        return bool(self.host or self.profile or self.token or self.client_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """Who may post events."""

    username: str = ""
    password: Secret = Secret("")
    spool_limit: int = 100_000
    """Events kept on disk while Redis is away; beyond it the answer is 503."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """How to reach Slack, and how it reaches us."""

    bot_token: Secret = Secret("")
    signing_secrets: tuple[Secret, ...] = ()
    """The present one, and during a rotation the next one too."""
    app_token: Secret = Secret("")
    api_url: str = "https://slack.com/api/"
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """One mail server: `smtp://` is STARTTLS unless to loopback, `smtps://` implicit TLS."""

    host: str = ""
    port: int = 587
    username: str = ""
    password: Secret = Secret("")
    implicit_tls: bool = False
    starttls: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailSettings:
    """Where mail goes and who it is from."""

    smtp: SmtpSettings = SmtpSettings()
    sender: Sender = field(default_factory=Sender)
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Which failures a table is about: all given conditions must hold, patterns are globs."""

    workspaces: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """`key=value` or `key`."""
    categories: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(Conditions):
    """One line of routing: failures that match go to these destinations.

    The first matching route wins, unless `also` is set, in which case later ones are looked at
    too.
    """

    destinations: tuple[str, ...]
    """`slack:C0123456789`, `email:data@example.com`, `console:`."""
    severities: tuple[Severity, ...] = ()
    mentions: tuple[str, ...] = ()
    also: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityRule(Conditions):
    """Failures that match are this severe."""

    level: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours(Conditions):
    """When to hold back: nothing is lost, it is told when the window ends."""

    start: str
    """`22:00`, in `timezone`."""
    end: str
    timezone: str = "UTC"
    days: tuple[str, ...] = ()
    """`mon` … `sun`; empty is every day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance(Conditions):
    """One window by date: what fails in it is held back, and told when it ends."""

    start: datetime
    end: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteRule(Conditions):
    """Failures that match are not told; without an end for as long as they have these causes."""

    causes: tuple[str, ...] = ()
    """Fingerprints; empty is every cause."""
    until: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """When and how loudly to tell."""

    broadcast: str = "on_change"
    """`thread_only`, `on_change` or `always`."""
    tell_cancelled: bool = False
    tell_skipped: bool = False
    broadcast_resolved: bool = False
    regression_window: timedelta = timedelta(hours=24)
    platform_incident_jobs: int = 3
    platform_incident_window: timedelta = timedelta(minutes=15)
    sweep_every: timedelta = timedelta(minutes=5)
    heartbeat_url: Secret = Secret("")
    quiet_hours: tuple[QuietHours, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()
    check_job_permissions: bool = False

    @property
    def windows(self) -> tuple[QuietHours | Maintenance, ...]:
        """Everything that holds messages back."""
        return (*self.quiet_hours, *self.maintenance)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisSettings:
    """Which Redis; no url means the embedded server in the data directory."""

    url: Secret = Secret("")
    program: str = ""
    """The embedded server's; without one it is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesSettings:
    """The user's own rules, and ours that they switched off."""

    paths: tuple[Path, ...] = ()
    disabled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything jobmon can be told."""

    workspaces: tuple[WorkspaceSettings, ...] = (WorkspaceSettings(),)
    webhook: WebhookSettings = WebhookSettings()
    slack: SlackSettings = SlackSettings()
    email: EmailSettings = EmailSettings()
    redis: RedisSettings = RedisSettings()
    rules: RulesSettings = RulesSettings()
    routes: tuple[Route, ...] = ()
    permissions: tuple[Permission, ...] = ()
    severities: tuple[SeverityRule, ...] = ()
    mutes: tuple[MuteRule, ...] = ()
    policy: Policy = Policy()
    data_dir: Path = field(default=Path(".jobmon"))
    port: int = 8000
    workers: int = 2
    log_format: str = "text"

    @property
    def conditions(self) -> dict[str, tuple[Conditions, ...]]:
        """All that asks something of a failure, by the name of its table in `jobmon.toml`."""
        return {
            "routes": self.routes,
            "severities": self.severities,
            "mutes": self.mutes,
            "quiet_hours": self.policy.quiet_hours,
            "maintenance": self.policy.maintenance,
        }
