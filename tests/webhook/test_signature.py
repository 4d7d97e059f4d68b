"""Only Slack's own requests are acted on."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier

from jobmon.settings import Secret
from webhook.signature import is_signed

# The example of Slack's own page.
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TIMESTAMP = "1531420618"
NOW = datetime.fromtimestamp(1531420618, UTC)
BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmib"
    b"IGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


def signed(
    raw: bytes = BODY,
    timestamp: str | None = TIMESTAMP,
    signature: str | None = SIGNATURE,
    *secrets: str,
    now: datetime = NOW,
) -> bool:
    return is_signed(
        lambda: raw,
        timestamp=timestamp,
        signature=signature,
        secrets=[Secret(secret) for secret in secrets or (SECRET,)],
        now=now,
    )


def test_the_documented_example_is_signed() -> None:
    assert signed()


def test_both_secrets_count_during_a_rotation() -> None:
    assert signed(BODY, TIMESTAMP, SIGNATURE, "next", SECRET)
    assert not signed(BODY, TIMESTAMP, SIGNATURE, "next")


def test_a_request_is_good_for_five_minutes() -> None:
    assert signed(now=NOW + timedelta(minutes=5))
    assert not signed(now=NOW + timedelta(minutes=5, seconds=1))
    assert not signed(now=NOW - timedelta(minutes=5, seconds=1))


@pytest.mark.parametrize(
    ("timestamp", "signature"),
    [
        (None, SIGNATURE),
        (TIMESTAMP, None),
        ("", SIGNATURE),
        ("abc", SIGNATURE),
        ("1531420618.0", SIGNATURE),
        ("-1", SIGNATURE),
        ("٣", SIGNATURE),
        ("9" * 5000, SIGNATURE),
        (TIMESTAMP, ""),
        (TIMESTAMP, "v1" + SIGNATURE[2:]),
        (TIMESTAMP, SIGNATURE[:-1]),
        (TIMESTAMP, SIGNATURE.upper()),
        (TIMESTAMP, "v0=é"),
        (TIMESTAMP, "v0=\udcff"),
    ],
    ids=ascii,
)
def test_garbage_headers_are_a_refusal_and_never_an_error(
    timestamp: str | None, signature: str | None
) -> None:
    assert not signed(BODY, timestamp, signature)


def test_another_body_is_not_signed() -> None:
    assert not signed(BODY + b"&text=rerun")
    assert not signed(b"\xff\xfe")


def test_nothing_is_signed_while_no_secret_is_set() -> None:
    assert not is_signed(
        lambda: BODY, timestamp=TIMESTAMP, signature=SIGNATURE, secrets=(), now=NOW
    )


@given(st.binary())
def test_it_agrees_with_slacks_own_signer(raw: bytes) -> None:
    text = raw.decode("latin-1")
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=TIMESTAMP, body=text)

    assert signed(text.encode(), TIMESTAMP, signature)
