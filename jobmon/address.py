"""Which addresses may be called, and which are this machine's."""

import ipaddress
from urllib.parse import urlsplit

MAX_SHOWN = 80
RESPONSE_HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})


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


def takes_answers(url: str, *, api_url: str) -> bool:
    """Whether a `response_url` is Slack's: at its own hosts, or at a pretend Slack on this machine.

    The pretend Slack takes answers where it takes calls; no other host does.
    """
    try:
        parts, own = urlsplit(url), urlsplit(api_url)
    except ValueError:
        return False
    if parts.scheme == "https" and parts.netloc in RESPONSE_HOSTS:
        return True
    at_own = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
    return at_own and is_this_machine(own.hostname)


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
