"""Which destinations take nothing just now."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from jobmon.digest import Delivery, Destination
from jobmon.ports.queue import DeadLetter, WorkKind
from jobmon.ports.store import Store

TROUBLE, ARRIVED = "trouble:", "arrived:"


def note_trouble(store: Store, destination: Destination, *, at: datetime) -> None:
    """Remember that a destination did not take a message."""
    store.note_last(f"{TROUBLE}{destination}", at.isoformat())


def note_arrival(store: Store, destination: Destination, *, at: datetime) -> None:
    """Remember that a destination took a message."""
    store.note_last(f"{ARRIVED}{destination}", at.isoformat())


def failing_since(last_words: Mapping[str, str], since: datetime) -> frozenset[Destination]:
    """The destinations that had trouble since then, and took nothing."""
    names = {name.removeprefix(TROUBLE) for name in last_words if name.startswith(TROUBLE)}
    return frozenset(
        Destination.parse(name)
        for name in names
        if _is_after(last_words[TROUBLE + name], since)
        and not _is_after(last_words.get(ARRIVED + name, ""), since)
    )


def refusing(letters: Iterable[DeadLetter]) -> frozenset[Destination]:
    """Where messages that were given up on were to go."""
    found = set()
    for letter in letters:
        if letter.message.kind is WorkKind.DELIVER:
            try:
                delivery = msgspec.json.decode(letter.message.body, type=Delivery)
            except msgspec.DecodeError:
                continue
            found.add(delivery.destination)
    return frozenset(found)


def _is_after(text: str, since: datetime) -> bool:
    return bool(text) and datetime.fromisoformat(text) > since
