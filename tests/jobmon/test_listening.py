"""A port that is taken is said to be, before anything is started."""

import socket

import pytest

from jobmon.errors import SettingsError
from jobmon.listening import require_free_port


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
