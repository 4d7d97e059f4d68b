"""The server that comes with us: durable, private, and gone when we are."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from jobmon.embedded import EmbeddedServer
from jobmon.errors import PermanentError
from jobmon.store.client import Profile, connect
from tests.support.waiting import wait_until

PARENT = """
import sys, threading
from pathlib import Path
from jobmon.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
server.start()
print(server.pid, flush=True)
threading.Event().wait()
"""


def is_running(pid: int) -> bool:
    """Whether a process is there and not a zombie."""
    try:
        return " Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
    except FileNotFoundError:
        return False


def a_long_path(tmp_path: Path) -> Path:
    return tmp_path / ("long-" * 30) / ("name-" * 30)


def test_what_it_was_told_survives_a_kill(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    server.start()
    client = connect(server.url, Profile.WORKER)
    for number in range(100):
        client.set(f"key{number}", number)
    assert server.pid is not None

    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    server.start()

    assert client.dbsize() == 100
    client.close()
    server.stop()


def test_a_killed_server_that_is_looked_after_answers_again_with_what_it_was_told(
    tmp_path: Path,
) -> None:
    server = EmbeddedServer(tmp_path)
    server.start()
    client = connect(server.url, Profile.WORKER)
    client.set("key", "kept")
    first = server.pid
    assert first is not None

    os.kill(first, signal.SIGKILL)

    def comes_back() -> bool:
        server.look_after()
        return server.pid != first

    wait_until(comes_back)
    assert client.get("key") == b"kept"
    client.close()
    server.stop()


def test_a_server_that_runs_or_was_never_started_is_left_alone_when_looked_after(
    tmp_path: Path,
) -> None:
    server = EmbeddedServer(tmp_path)
    server.look_after()
    assert server.pid is None
    server.start()
    first = server.pid

    server.look_after()

    assert server.pid == first
    server.stop()


def test_a_second_instance_on_the_same_folder_is_refused_by_name(tmp_path: Path) -> None:
    first, second = EmbeddedServer(tmp_path), EmbeddedServer(tmp_path)
    first.start()

    with pytest.raises(PermanentError, match=str(tmp_path)):
        second.start()
    first.stop()
    second.start()
    second.stop()


def test_it_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert is_running(pid)

    parent.kill()
    parent.wait()
    parent.stdout.close()

    wait_until(lambda: not is_running(pid))


def test_a_folder_with_a_very_long_path_works(tmp_path: Path) -> None:
    server = EmbeddedServer(a_long_path(tmp_path))
    server.start()
    client = connect(server.url, Profile.WORKER)

    assert client.ping()
    client.close()
    server.stop()


def test_others_find_the_server_of_a_folder_with_a_very_long_path(tmp_path: Path) -> None:
    server = EmbeddedServer(a_long_path(tmp_path))
    server.start()
    client = connect(EmbeddedServer(a_long_path(tmp_path)).url, Profile.WEB)

    assert client.ping()
    client.close()
    server.stop()


def test_only_its_owner_may_enter_the_folder_of_its_short_address(tmp_path: Path) -> None:
    server = EmbeddedServer(a_long_path(tmp_path))
    server.start()
    folder = Path(server.url.removeprefix("unix://")).parent

    assert folder != server.directory
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    server.stop()
    assert not folder.exists()
    assert not list(server.directory.glob("redis.sock"))


def test_a_folder_with_a_very_long_path_works_again_after_everything_was_killed(
    tmp_path: Path,
) -> None:
    killed = EmbeddedServer(a_long_path(tmp_path))
    killed.directory.mkdir(parents=True)
    (killed.directory / "redis.sock").symlink_to(tmp_path / "gone" / "redis.sock")
    server = EmbeddedServer(a_long_path(tmp_path))
    server.start()
    client = connect(killed.url, Profile.WEB)

    assert client.ping()
    client.close()
    server.stop()


def somebody_elses(tmp_path: Path) -> Path:
    """A folder of another user: root gives one away, everybody else has root's."""
    if os.geteuid() != 0:
        return Path("/usr")
    folder = tmp_path / "theirs"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    return folder


def test_a_short_address_in_somebody_elses_folder_is_not_asked(tmp_path: Path) -> None:
    theirs = somebody_elses(tmp_path)
    server = EmbeddedServer(a_long_path(tmp_path))
    server.directory.mkdir(parents=True)
    (server.directory / "redis.sock").symlink_to(theirs / "redis.sock")

    assert str(theirs) not in server.url


def test_a_folder_with_quotes_and_spaces_works(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / 'a "quoted" folder')
    server.start()
    client = connect(server.url, Profile.WORKER)

    assert client.ping()
    client.close()
    server.stop()


def test_only_its_owner_may_talk_to_it(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    server.start()
    path = Path(server.url.removeprefix("unix://"))

    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    client = connect(server.url, Profile.WORKER)
    assert "0" in str(client.config_get("port"))
    client.close()
    server.stop()


def test_a_program_that_is_no_server_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(PermanentError, match="did not start"):
        EmbeddedServer(tmp_path, program="/bin/false").start()
