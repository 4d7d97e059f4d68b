"""Ports to listen on, settled before anything is started."""

import errno
import socket

from jobmon.errors import SettingsError

_REASONS = {
    errno.EADDRINUSE: "another program listens there",
    errno.EACCES: "listening there takes more rights than this user has",
}


def require_free_port(host: str, port: int, *, key: str) -> None:
    """Raise SettingsError naming `key` when nobody could listen on the port; 0 is any free one."""
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the web server does
            probe.bind((host, port))
    except OSError as exc:
        reason = _REASONS.get(exc.errno or 0, exc.strerror or "it cannot be used")
        raise SettingsError((f"{key}: port {port}: {reason}; choose another one",)) from exc


def reserve_port() -> int:
    """A port of 127.0.0.1 that a server of ours can listen on and nobody is given by chance.

    It has had a connection whose listening end closed first: for a minute the system hands it
    to nobody who asks for any port, while whoever names it may listen there, as servers do with
    SO_REUSEADDR.
    """
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
        accepted, _ = server.accept()
        accepted.close()
        return int(server.getsockname()[1])
