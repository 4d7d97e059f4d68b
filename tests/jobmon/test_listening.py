"""A port that is taken is said to be, before anything is started."""

import socket

import pytest

from jobmon.errors import SettingsError
from jobmon.listening import require_free_port, reserve_port


def test_a_port_that_somebody_listens_on_is_named_with_its_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        with pytest.raises(SettingsError, match=f"PORT: port {port}: another program listens"):
            require_free_port("127.0.0.1", port, key="PORT")


def test_a_free_port_is_fine_and_stays_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    require_free_port("127.0.0.1", port, key="PORT")
    require_free_port("127.0.0.1", port, key="PORT")
    require_free_port("127.0.0.1", 0, key="PORT")


def test_a_reserved_port_is_given_to_nobody_by_chance_and_listened_on_by_its_owner() -> None:
    port = reserve_port()

    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", port))

    require_free_port("127.0.0.1", port, key="PORT")
    with socket.create_server(("127.0.0.1", port)) as server:
        assert server.getsockname()[1] == port
