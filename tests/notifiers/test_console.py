from io import StringIO

from rich.cells import cell_len
from rich.console import Console

from jobmon.digest import Destination, DestinationKind, Digest
from notifiers.console import ConsoleNotifier
from tests.support import example_digests as examples
from tests.support.digests import NOW, RUN_URL, a_delivery, a_diagnosis, a_digest, a_group

CONSOLE = Destination(kind=DestinationKind.CONSOLE)


def shown(digest: Digest) -> str:
    out = StringIO()
    notifier = ConsoleNotifier(Console(file=out, width=80), clock=lambda: NOW)
    notifier.send(a_delivery(CONSOLE, digest=digest), root=None)
    return out.getvalue()


def test_every_state_fits_eighty_columns() -> None:
    for make in examples.STATES.values():
        assert max(cell_len(line) for line in shown(make()).splitlines()) <= 80


def test_the_cause_the_remedy_and_the_run_are_there() -> None:
    text = shown(a_digest())

    assert "Column `order_ts` does not exist" in text
    assert "A rerun won't help" in " ".join(text.replace("│", "").split())
    assert RUN_URL in text


def test_square_brackets_are_text() -> None:
    group = a_group(excerpt=("[red]KeyError[/red] [UNRESOLVED_COLUMN]",))

    assert "[red]KeyError[/red] [UNRESOLVED_COLUMN]" in shown(
        a_digest(diagnosis=a_diagnosis(group))
    )
