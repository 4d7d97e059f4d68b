"""Which addresses of the settings may be called."""

from urllib.parse import urlsplit

THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


def is_safe_to_call(url: str) -> bool:
    """HTTPS to anywhere, plain HTTP to this machine only."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and parts.hostname in THIS_MACHINE
