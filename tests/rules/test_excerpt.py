"""Long logs: what is kept of them, and that it is little."""

from collections.abc import Iterator
from itertools import islice

import pytest

from rules.excerpt import WHOLE, Excerpt, excerpt
from rules.pattern_set import PatternSet

MEBIBYTE = 1 << 20
LINE = b"26/11/25 10:00:00 INFO TaskSetManager: Finished task 7.0 in stage 3.0 (TID 7) in 12 ms\n"
NEEDLE = b"java.io.IOException: the needle"
NO_PATTERNS = PatternSet([])


def noise(size: int) -> bytes:
    return LINE * (size // len(LINE))


def chunks(*parts: bytes, size: int = 1 << 16) -> Iterator[bytes]:
    text = b"".join(parts)
    return iter([text[start : start + size] for start in range(0, len(text), size)])


def line_of(found: Excerpt, text: bytes) -> int:
    return found.text.split("\n").index(text.decode()) + 1


def test_a_short_text_is_kept_whole() -> None:
    text = noise(WHOLE // 2)

    assert excerpt(chunks(text), NO_PATTERNS) == Excerpt(text.decode())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(0, 6 * MEBIBYTE, id="at-the-start"),
        pytest.param(3 * MEBIBYTE, 3 * MEBIBYTE, id="in-the-middle"),
        pytest.param(6 * MEBIBYTE, 0, id="at-the-end"),
        pytest.param(MEBIBYTE - 40, 6 * MEBIBYTE, id="across-two-blocks"),
    ],
)
def test_an_error_is_kept_wherever_it_stands_with_its_line(before: int, after: int) -> None:
    found = excerpt(chunks(noise(before), NEEDLE + b"\n", noise(after)), NO_PATTERNS)

    assert found.original(line_of(found, NEEDLE)) == before // len(LINE) + 1
    assert len(found.text) < MEBIBYTE


def test_an_event_in_json_that_calls_itself_an_error_is_kept() -> None:
    event = b'{"level":"error","msg":"could not write"}'
    found = excerpt(chunks(noise(3 * MEBIBYTE), event, b"\n", noise(3 * MEBIBYTE)), NO_PATTERNS)

    assert found.original(line_of(found, event)) == 3 * MEBIBYTE // len(LINE) + 1


@pytest.mark.parametrize("blank", [" ", "  ", "\u00a0"])
def test_what_a_rule_asks_for_is_kept_though_it_does_not_look_like_an_error(blank: str) -> None:
    text = f"disk sda: sector{blank}remapped".encode()
    patterns = PatternSet(["sector remapped"])
    log = (noise(3 * MEBIBYTE), text + b"\n", noise(3 * MEBIBYTE))

    assert text.decode() in excerpt(chunks(*log), patterns).text
    assert text.decode() not in excerpt(chunks(*log), NO_PATTERNS).text


def test_lines_after_an_error_are_kept_over_the_end_of_a_block() -> None:
    frames = b"".join(b"\tat org.example.Frame.f%d(F.java:1)\n" % n for n in range(30))
    before = noise(MEBIBYTE - 200)

    found = excerpt(chunks(before, NEEDLE + b"\n", frames, noise(4 * MEBIBYTE)), NO_PATTERNS)

    assert "Frame.f29(" in found.text


def test_a_rules_word_in_ordinary_lines_does_not_crowd_out_an_error() -> None:
    often = (LINE * 60 + b"26/11/25 10:00:00 INFO Spiller: level 7\n") * 600

    found = excerpt(chunks(often, NEEDLE + b"\n", often), PatternSet(["level 7"]))

    assert NEEDLE.decode() in found.text


def test_a_log_full_of_errors_stays_bounded_and_keeps_the_first_and_the_last() -> None:
    def errors() -> Iterator[bytes]:
        for start in range(0, 400_000, 1000):
            yield b"".join(b"ERROR number %d of many\n" % n for n in range(start, start + 1000))

    found = excerpt(errors(), NO_PATTERNS)

    assert len(found.text) < MEBIBYTE
    assert "ERROR number 0 of" in found.text
    assert "ERROR number 399999 of" in found.text


def test_a_stream_without_line_ends_stays_bounded() -> None:
    endless = islice(iter(lambda: b"x" * MEBIBYTE, b""), 20)

    assert len(excerpt(endless, NO_PATTERNS).text) < MEBIBYTE


def test_bytes_that_are_not_utf_8_are_replaced() -> None:
    assert excerpt(iter([b"caf\xe9"]), NO_PATTERNS).text == "caf\N{REPLACEMENT CHARACTER}"
