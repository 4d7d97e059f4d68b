"""A text is read in the encoding that its first bytes name."""

import codecs

import pytest

from rules.encoding import as_utf8

TEXT = "ModuleNotFoundError: No module named 'übung'\nnext\n"


def read(*chunks: bytes) -> str:
    return b"".join(as_utf8(chunks)).decode()


@pytest.mark.parametrize(
    "written",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
        codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 10_000])
def test_the_same_text_comes_out_however_it_was_written_and_cut(written: bytes, size: int) -> None:
    assert read(*(written[i : i + size] for i in range(0, len(written), size))) == TEXT


def test_half_a_character_at_the_end_is_replaced() -> None:
    assert (
        read(codecs.BOM_UTF16_LE + "ab".encode("utf-16-le") + b"\x00")
        == "ab\N{REPLACEMENT CHARACTER}"
    )


@pytest.mark.parametrize("written", [b"", b"a", b"\xff", b"\x80\x81\x82\x83\x84"])
def test_what_names_no_encoding_is_passed_on(written: bytes) -> None:
    assert b"".join(as_utf8([written])) == written
