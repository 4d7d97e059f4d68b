"""Which texts name an id of Databricks."""

import pytest

from jobmon.ids import id_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("501", 501),
        ("1234567890123456789", 1234567890123456789),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", None),
        ("12345678901234567890", None),
        ("9" * 5000, None),
        ("0", None),
        ("-1", None),
        ("٣", None),
        ("", None),
    ],
    ids=lambda value: str(value)[:20],
)
def test_an_id_has_64_bits(text: str, number: int | None) -> None:
    assert id_in(text) == number
