"""Which addresses of the settings may be called, and which are this machine's."""

import ipaddress
from urllib.parse import urlsplit

MAX_SHOWN = 80


def is_this_machine(host: str | None) -> bool:
    """Whether a host is this machine, by its name alone: nothing is looked up."""
    if not host or host.lower() == "localhost":
        return bool(host)
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_safe_to_call(url: str) -> bool:
    """HTTPS to anywhere, plain HTTP to this machine only."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and is_this_machine(parts.hostname)


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
    return url == host or "." in host.strip(".") or is_this_machine(urlsplit(url).hostname)


def _goes_on(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query or parts.fragment)
