"""Who mails come from, as people write it."""

import pytest

from jobmon.sender import MAX_NAME, Sender, sender_in


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("jobmon@acme.io", Sender(address="jobmon@acme.io")),
        ("<jobmon@acme.io>", Sender(address="jobmon@acme.io")),
        ("jobmon <jobmon@acme.io>", Sender(address="jobmon@acme.io", name="jobmon")),
        ("Data Platform<jobmon@acme.io>", Sender(address="jobmon@acme.io", name="Data Platform")),
        ('"Jobs, prod" <j@acme.io>', Sender(address="j@acme.io", name="Jobs, prod")),
        ("Überwachung <j@acme.io>", Sender(address="j@acme.io", name="Überwachung")),
    ],
)
def test_an_address_may_have_a_name(text: str, sender: Sender) -> None:
    assert sender_in(text) == sender


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jobmon",
        "jobmon <jobmon>",
        "jobmon jobmon@acme.io",
        "a@acme.io, b@acme.io",
        "a <a@acme.io>, b <b@acme.io>",
        "a@acme.io <b@acme.io>",
        "jobmon <j@acme.io> (the bot)",
        "jobmon\r\nBcc: x@evil.example <j@acme.io>",
        '"jobmon\r\nBcc: x@evil.example" <j@acme.io>',
        "jobmon <j@acme.io\r\nBcc:x@evil.example>",
        "jobmon <j@acme.io>\n",
        '"a\x00b" <j@acme.io>',
        '"a" b" <j@acme.io>',
        f"{'x' * (MAX_NAME + 1)} <j@acme.io>",
    ],
    ids=repr,
)
def test_anything_else_is_no_sender(text: str) -> None:
    assert sender_in(text) is None
