"""How a command ends that something outside ended: Ctrl-C, a closed pipe, a full disk."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click
from click.exceptions import Exit

from jobmon.cli.exit_codes import EXIT_BROKEN_PIPE, EXIT_INTERRUPTED, EXIT_UNREADABLE

OF_THE_OUTPUT = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})


@contextmanager
def endings_in_words() -> Iterator[None]:
    """Turn what the system refuses into a line on stderr and an exit code, without a trace.

    Errors that name neither a file nor what may befall an output are left as they are: a trace is
    what helps with those.
    """
    try:
        yield
    except KeyboardInterrupt as exc:
        click.echo("\nStopped.", err=True)
        raise Exit(EXIT_INTERRUPTED) from exc
    except BrokenPipeError as exc:
        _drop_output()
        raise Exit(EXIT_BROKEN_PIPE) from exc
    except SystemExit as exc:
        if isinstance(exc.__context__, BrokenPipeError):  # rich ends the program by itself
            raise Exit(EXIT_BROKEN_PIPE) from exc
        raise
    except OSError as exc:
        if exc.errno is None or not (exc.filename or exc.errno in OF_THE_OUTPUT):
            raise
        _drop_output()
        click.secho(f"✗ {_in_words(exc)}", fg="red", err=True)
        raise Exit(EXIT_UNREADABLE) from exc


def _in_words(error: OSError) -> str:
    from notifiers.text import plain  # noqa: PLC0415 (start-up time)

    why = (error.strerror or type(error).__name__).lower()
    if error.filename:
        name = os.fsdecode(error.filename) if not isinstance(error.filename, int) else "a file"
        return (
            f"{plain(name)}: {why}. Name a place that is there and that your user may read and "
            "write"
        )
    return f"{why}: check where the output goes to, and what is read"


def _drop_output() -> None:
    """What waits to be written would fail once more when Python ends, with a trace."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
