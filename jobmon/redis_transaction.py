"""Begin a transaction that takes effect as a whole, also where its connection breaks."""

from collections.abc import Sequence

from redis.client import Pipeline

NEVER_WRITTEN = "jobmon:never-written"


def begin(pipe: Pipeline, watch: Sequence[str] = ()) -> None:
    """Collect commands from here on; WatchError when a watched key has changed by their end.

    A key is watched always: without one the client sends its commands again over the next
    connection, to a server that may not know our scripts, and takes it that some of them fail.
    """
    pipe.watch(NEVER_WRITTEN, *watch)  # type: ignore[no-untyped-call]
    pipe.multi()
