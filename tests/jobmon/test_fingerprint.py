"""Fingerprints: the same failure tomorrow is recognised, another one is not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobmon.fingerprint import fingerprint, normalise


@pytest.mark.parametrize(
    ("today", "tomorrow"),
    [
        ("Lost task 0.3 in stage 1.0 (TID 3)", "Lost task 14.0 in stage 22.0 (TID 9731)"),
        ("Query 9d119bbc-768c-f743-6c78-a0e7ec41e932 died", ("Query 0a1b2c3d-768c-f743-6c78-"
         "a0e7ec41e932 died")),
        ("2026-01-08 17:07:22,123 failed", "2026-11-30T04:00:00Z failed"),
        ("26/01/08 17:07:22 ERROR X", "26/02/09 01:00:00 ERROR X"),
        ("connect to 10.201.78.126:7077", "connect to 10.9.8.7:41000"),
        ("no host acct1.dfs.core.windows.net", "no host other.blob.core.windows.net"),
        ("GET https://a.cloud.databricks.com/api/2.0/jobs", "GET https://b.azure.net/api/2.1/jobs"),
        ("cannot open /tmp/abc/part.csv", "cannot open /local_disk0/tmp/x9/other.csv"),
        ("object at 0x7f33abcd", "object at 0x0000016B68E4C160"),
        ("RequestId: 8e7526dc-6035", "RequestId: FS3ZPMHVXR7ACCC6"),
        ("while calling o412.save", "while calling o77.save"),
        ("cluster 0420-181146-i6whj8ri", "cluster 1101-020304-abcd1234"),
        ("bad value '" + "x" * 60 + "'", "bad value '" + "y" * 90 + "'"),
        ("Cannot parse 'a row that holds a note, as people write them'",
         "Cannot parse 'another one, of which people wrote more than of the first'"),
        ("cannot parse 'a row that holds a note, as people write them': no date",
         "cannot parse 'another one, of which people wrote more than of the first': no date"),
        ("TideError('gauge 14 of the north pier is stuck at 3.2 m since 10:00:01')",
         "TideError('gauge 7 of the north pier is stuck at 2.75 m since 23:59:59')"),
        ("4.2 GiB of 4 GiB", "12.75 GiB of 12 GiB"),
        ("loss 0.693147181 is too high", "loss 5e-05 is too high"),
        ("a  b", "a b"),
    ],
)  # fmt: skip
def test_what_changes_from_run_to_run_does_not_count(today: str, tomorrow: str) -> None:
    assert fingerprint(today) == fingerprint(tomorrow)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("No module named 'acme'", "No module named 'other'"),
        ("java.lang.OutOfMemoryError", "java.lang.StackOverflowError"),
        ("TABLE_OR_VIEW_NOT_FOUND `a`.`b`", "TABLE_OR_VIEW_NOT_FOUND `a`.`c`"),
        ("KeyError: 'region'", "KeyError: 'country'"),
        ("Path does not exist: /mnt/raw/orders", "Path does not exist: /mnt/raw/items"),
        ("org.apache.spark.SparkException", "java.net.ConnectException"),
        ("No such file: '/Volumes/main/raw/landing/orders/all.csv'",
         "No such file: '/Volumes/main/raw/landing/customers/all.csv'"),
        ("(1146, \"Table 'shop.orders_of_the_year' doesn't exist\")",
         "(1146, \"Table 'shop.customers_of_the_year' doesn't exist\")"),
        ("('42S02', \"[42S02] [FreeTDS][SQL Server] Invalid object name 'orders'\")",
         "('42S02', \"[42S02] [FreeTDS][SQL Server] Invalid object name 'crews'\")"),
        ('{"level": "error", "message": "the gauge of the north pier is stuck at high tide"}',
         '{"level": "error", "message": "the lamp of the south light house is out at night"}'),
        ('{"level": "error", "said": "the gauge of the north pier is stuck at high tide"}',
         '{"level": "error", "said": "the lamp of the south light house is out at night"}'),
        ("TideError('the gauge of the north pier is stuck at high tide')",
         "TideError('the lamp of the south light house is out at night')"),
        ("ERROR acme.TideError: 'the gauge of the north pier is stuck at high tide'",
         "ERROR acme.TideError: 'the lamp of the south light house is out at night'"),
        ('level=error msg="the gauge of the north pier is stuck at high tide"',
         'level=error msg="the lamp of the south light house is out at night"'),
    ],
)  # fmt: skip
def test_different_causes_have_different_fingerprints(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


@pytest.mark.parametrize(("length", "said"), [(39, "what"), (40, "<value>")])
def test_what_is_quoted_at_length_is_a_value(length: int, said: str) -> None:
    value = ("what people write of it " * 2)[: length - 1] + "."

    assert normalise(f"cannot parse the row '{value}'").startswith(f"cannot parse the row '{said}")


def test_what_two_rules_say_without_any_text_is_told_apart() -> None:
    assert fingerprint(rule="CLU101") != fingerprint(rule="CLU102")


def test_half_a_character_has_a_fingerprint_too() -> None:
    assert normalise("no table \ud83d 7") == "no table ? <n>"


def test_parts_are_kept_apart() -> None:
    assert fingerprint("ab", "c") != fingerprint("a", "bc")


def test_names_stay_readable() -> None:
    said = normalise("26/01/08 17:07:22 ERROR Lost task 0.3 (10.2.3.4 executor 5): No module 'x'")

    assert said == "<time> ERROR Lost task <n> (<host> executor <n>): No module 'x'"


@given(st.text(max_size=400))
def test_any_text_has_a_fingerprint_of_sixteen_hexadecimal_characters(text: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", fingerprint(text))


@given(st.text(max_size=200))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_numbers_never_count(one: int, other: int) -> None:
    assert fingerprint(f"took {one} ms") == fingerprint(f"took {other} ms")
