"""What a command's exit code says."""

EXIT_SUCCEEDED = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_STOPPED = 3
EXIT_UNREADABLE = 4
EXIT_INTERRUPTED = 130
"""Ctrl-C; as of a program that the signal SIGINT ended, so a shell's loop stops too."""
EXIT_BROKEN_PIPE = 141
"""Who read the output has gone: `jobmon rules list | head`."""
