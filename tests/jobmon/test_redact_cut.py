"""An end of a long text shows nothing that the whole text, redacted, would not show there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobmon.databricks.bounds import clean
from jobmon.redact import redact
from jobmon.redact_cut import MARGIN, after_cut, redacted_head, redacted_tail
from jobmon.secret_shapes import REDACTED
from tests.jobmon.secrets_in_text import HEX, PRIVATE_KEYS, SECRETS

BODY = "".join(f"MIIE{number:028d}\n" for number in range(300))
LONG_KEY = f"-----BEGIN RSA PRIVATE KEY-----\n{BODY}-----END RSA PRIVATE KEY-----\n"
WHOLE_KEYS = [key for name, key in PRIVATE_KEYS.items() if name != "cut off"]
LINES = (*(text for text, _ in SECRETS.values()), *WHOLE_KEYS, "INFO all is well", "x" * 70)


@pytest.mark.parametrize("line", LINES)
def test_lines_of_secrets_are_cut_without_a_part_of_one(line: str) -> None:
    text = f"{line}\n" * (1 + 20_000 // len(line))
    shown = redact(text)

    assert shown.startswith(redacted_head(text, 512))
    assert shown.endswith(redacted_tail(text, 512))


@given(st.lists(st.sampled_from(LINES), min_size=200, max_size=400), st.integers(1, 3000))
def test_wherever_a_text_is_cut_its_ends_are_those_of_the_redacted_text(
    lines: list[str], limit: int
) -> None:
    text = "\n".join(lines)
    shown = redact(text)

    assert shown.startswith(redacted_head(text, limit))
    assert shown.endswith(redacted_tail(text, limit))


def test_a_cut_text_of_nothing_but_tokens_shows_none() -> None:
    shown = clean(f"dapi{HEX}\n" * 6_000, 64 * 1024)

    assert set(shown.replace(REDACTED, "").split("\n")[:-1]) >= {""}
    assert "dapi" not in shown
    assert HEX[:6] not in shown
    assert "characters cut]" in shown


@pytest.mark.parametrize("offset", [1, 20, 40, 200, MARGIN, 2 * MARGIN])
def test_a_private_key_of_which_the_beginning_is_cut_off_is_gone(offset: int) -> None:
    shown = after_cut((LONG_KEY + "then it failed\n" * 400)[offset:])

    assert "MIIE" not in shown
    assert "then it failed" in shown


@pytest.mark.parametrize("end", [40, MARGIN, 2 * MARGIN])
def test_a_private_key_of_which_the_end_is_cut_off_is_gone(end: int) -> None:
    assert "MIIE" not in redacted_head("it began\n" * 100 + LONG_KEY * 3, 900 + end)


def test_a_token_that_is_longer_than_the_margin_is_dropped_as_a_word() -> None:
    token = f"eyJhbGciOiJI.{'aB3_' * 4 * MARGIN}.x"

    assert redacted_head(f"token is {token}", 2 * MARGIN) == "token is "
    assert redacted_tail(f"{token} is the token", 2 * MARGIN) == " is the token"


def test_a_short_text_is_only_redacted() -> None:
    assert redacted_head(f"load dapi{HEX}", 100) == f"load {REDACTED}"
    assert redacted_tail("load orders", 6) == "orders"
