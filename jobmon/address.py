"""Which addresses of the settings may be called."""

from urllib.parse import urlsplit

MAX_SHOWN = 80
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


def fault_of_host(host: str) -> str:
    """What is wrong with a workspace's address, and what to write; empty when nothing is."""
    url = host if "://" in host else f"https://{host}"
    if not host or (is_safe_to_call(url) and _is_named(host, url) and not _goes_on(url)):
        return ""
    shown = "this" if "@" in host else repr(host[:MAX_SHOWN])  # a password may stand before an @
    return (
        f"{shown} is no workspace's address: write https:// and its host, nothing after it, such "
        "as https://adb-1234567890123456.7.azuredatabricks.net"
    )


def _is_named(host: str, url: str) -> bool:
    """A bare word is a slip of the pen, unless it is this machine or was meant as an address."""
    return url == host or "." in host.strip(".") or urlsplit(url).hostname in THIS_MACHINE


def _goes_on(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query or parts.fragment)
