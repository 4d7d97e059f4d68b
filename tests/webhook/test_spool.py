"""While Redis is away events wait on disk."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from webhook.spool import Spool, SpoolFull


def spool(tmp_path: Path, *, limit: int = 100) -> Spool:
    return Spool(tmp_path / "data", limit=limit)


def drained(store: Spool) -> list[bytes]:
    lines: list[bytes] = []

    def take(line: bytes) -> bool:
        lines.append(line)
        return True

    store.drain(take)
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

    def away_after_one(line: bytes) -> bool:
        if line == b"1":
            raise ConnectionError
        return True

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


def test_lines_that_nobody_can_read_are_kept_beside_those_of_earlier_times(tmp_path: Path) -> None:
    store = spool(tmp_path)
    for line in (b"bad 1", b"good", b"bad 2"):
        store.append(line)

    assert store.drain(lambda line: line == b"good") == 1
    store.append(b"bad 3")
    assert store.drain(lambda line: line == b"good") == 0

    kept = tmp_path / "data" / "spool.unreadable.jsonl"
    assert kept.read_bytes() == b"bad 1\nbad 2\nbad 3\n"
    assert store.unreadable() == 3
    assert store.depth() == 0


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


def test_a_disk_that_takes_only_a_part_is_a_full_spool_and_spoils_nothing(tmp_path: Path) -> None:
    """The system writes what fits and says so only by the number of bytes."""
    code = (
        "import resource, sys; from pathlib import Path; from webhook.spool import *\n"
        "store = Spool(Path(sys.argv[1]), limit=100)\n"
        "store.append(b'a' * 50)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (80, 80))\n"
        "try: store.append(b'b' * 50)\n"
        "except SpoolFull: print('full')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "data")],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "full\n"
    assert drained(spool(tmp_path)) == [b"a" * 50]


def test_events_can_be_taken_while_others_are_drained(tmp_path: Path) -> None:
    store = spool(tmp_path)
    store.append(b"1")
    seen: list[bytes] = []

    def take(line: bytes) -> bool:
        seen.append(line)
        if line == b"1":
            spool(tmp_path).append(b"2")
        return True

    assert store.drain(take) == 2
    assert seen == [b"1", b"2"]


def test_one_process_drains_at_a_time(tmp_path: Path) -> None:
    store = spool(tmp_path)
    store.append(b"1")
    others: list[int] = []

    def look_elsewhere(_line: bytes) -> bool:
        others.append(spool(tmp_path).drain(bool))
        return True

    store.drain(look_elsewhere)

    assert others == [0]


def test_many_threads_lose_nothing(tmp_path: Path) -> None:
    store = spool(tmp_path, limit=1000)

    def append(part: int) -> None:
        for number in range(20):
            store.append(b"%d-%d" % (part, number))

    threads = [threading.Thread(target=append, args=(part,)) for part in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert store.depth() == 100
    assert len(set(drained(store))) == 100
