"""While Redis is away events wait on disk."""

from pathlib import Path

import pytest

from webhook.spool import Spool, SpoolFull


def spool(tmp_path: Path, *, limit: int = 100) -> Spool:
    return Spool(tmp_path / "data", limit=limit)


def drained(store: Spool) -> list[bytes]:
    lines: list[bytes] = []
    store.drain(lines.append)
    return lines


def test_events_come_back_in_their_order_and_once(tmp_path: Path) -> None:
    store = spool(tmp_path)
    for number in range(5):
        store.append(b"event %d" % number)

    assert store.depth() == 5
    assert drained(store) == [b"event %d" % number for number in range(5)]
    assert store.depth() == 0
    assert drained(store) == []


def test_another_process_finds_what_this_one_left(tmp_path: Path) -> None:
    spool(tmp_path).append(b"left")

    assert drained(spool(tmp_path)) == [b"left"]


def test_nothing_is_lost_when_draining_fails_half_way(tmp_path: Path) -> None:
    store = spool(tmp_path)
    for number in range(3):
        store.append(b"%d" % number)

    def away_after_one(line: bytes) -> None:
        if line == b"1":
            raise ConnectionError

    with pytest.raises(ConnectionError):
        store.drain(away_after_one)
    store.append(b"3")

    assert store.depth() == 4
    assert drained(store) == [b"0", b"1", b"2", b"3"]


def test_a_line_torn_by_a_crash_does_not_spoil_the_next(tmp_path: Path) -> None:
    store = spool(tmp_path)
    store.append(b"whole")
    with (tmp_path / "data" / "spool.jsonl").open("ab") as file:
        file.write(b'{"torn')
    store.append(b"next")

    assert drained(store) == [b"whole", b'{"torn', b"next"]


def test_a_full_spool_says_so_and_keeps_what_it_has(tmp_path: Path) -> None:
    store = spool(tmp_path, limit=2)
    store.append(b"1")
    store.append(b"2")

    with pytest.raises(SpoolFull, match="2 events"):
        store.append(b"3")
    assert drained(store) == [b"1", b"2"]


def test_a_place_that_cannot_be_written_is_a_full_spool(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be", encoding="utf-8")

    with pytest.raises(SpoolFull, match="cannot be written"):
        spool(tmp_path).append(b"1")


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    store = spool(tmp_path)
    store.append(b"1")

    assert ((tmp_path / "data" / "spool.jsonl").stat().st_mode & 0o077) == 0
