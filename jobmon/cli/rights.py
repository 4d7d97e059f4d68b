"""What our Redis user has to be allowed, asked of the server without changing anything."""

from collections.abc import Iterator

from redis.exceptions import NoPermissionError, ResponseError

from jobmon.store.client import Client

RIGHTS = "~jobmon:* ~rq:* &rq:pubsub:* +@all -@admin -@dangerous +info"
"""As `ACL SETUSER` takes them: all that web, workers, scheduler and command line need."""

_QUEUE = "rq:queue:jobmon-check"
_ASKED: tuple[tuple[str, ...], ...] = (
    ("INFO", "server"),
    ("TIME",),
    ("CLIENT", "SETNAME", "jobmon-check"),
    ("SCRIPT", "LOAD", "return 1"),
    ("EVALSHA", "0" * 40, "1", "jobmon:check"),
    ("SET", "jobmon:check", "1"),
    ("ZADD", "jobmon:check", "1", "1"),
    ("SCAN", "0"),
    ("HSET", "rq:job:jobmon-check", "a", "1"),
    ("SADD", "rq:workers:jobmon-check", "1"),
    ("BLMOVE", _QUEUE, f"{_QUEUE}:intermediate", "RIGHT", "LEFT", "1"),
    ("SUBSCRIBE", "rq:pubsub:jobmon-check"),
)


def missing_rights(client: Client) -> Iterator[str]:
    """Each kind of thing that our user may not do, as the server is asked for it.

    Within a transaction, which refuses what is not allowed and does nothing until its end; it is
    given up before that.
    """
    connection = client.connection_pool.get_connection()
    try:
        connection.send_command("MULTI")  # type: ignore[no-untyped-call]
        connection.read_response()
        for command in _ASKED:
            connection.send_command(*command)  # type: ignore[no-untyped-call]
            try:
                connection.read_response()
            except NoPermissionError:
                yield " ".join(command[:2])
            except ResponseError:
                continue  # it is full, say: the rights were looked at before that
    finally:
        # This gives the transaction up.
        connection.disconnect()  # type: ignore[no-untyped-call]
        client.connection_pool.release(connection)
