"""Which notifier delivers to which kind of destination."""

from collections.abc import Callable, Mapping

from jobmon.digest import Destination, DestinationKind
from jobmon.ports.notifier import Notifier
from jobmon.settings import Settings
from notifiers.console import ConsoleNotifier
from notifiers.email.notifier import EmailNotifier
from notifiers.slack.notifier import SlackNotifier

NotifierFactory = Callable[[Settings], Notifier]

NOTIFIERS: Mapping[DestinationKind, NotifierFactory] = {
    DestinationKind.CONSOLE: ConsoleNotifier.from_settings,
    DestinationKind.EMAIL: EmailNotifier.from_settings,
    DestinationKind.SLACK: SlackNotifier.from_settings,
}


def notifier_for(destination: Destination, settings: Settings) -> Notifier:
    """The notifier for a destination; raises a PermanentError when its settings are wrong."""
    return NOTIFIERS[destination.kind](settings)
