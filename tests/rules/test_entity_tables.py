"""Columns and tables that software prints around fixed words, or that a statement names."""

import pytest

from tests.rules.the_finding import the_finding


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Error 1292: Incorrect value for column `shop`.`orders`.`day` at row 2", "column", "day"),
        (
            "Error 1292: Incorrect value for column `shop`.`orders`.`day` at row 2",
            "table",
            "orders",
        ),
        ("IntegrityError: NOT NULL constraint failed: dim_pupil.email", "column", "email"),
        ("IntegrityError: UNIQUE constraint failed: dim_pupil.email", "table", "dim_pupil"),
        ("SparkException: Failed to merge field weight: incompatible", "column", "weight"),
        ("InvariantError: Failed check: (isnull('city) OR length('city) <= 9)", "column", "city"),
        ("ValueError: trying to merge on object and int64 columns for key 'no'", "column", "no"),
        ("polars.exceptions.ColumnNotFoundError: weight", "column", "weight"),
        ("AnalysisException: Can't extract value from crate#12: need struct", "column", "crate"),
        ("Error: columns do not match specified schema. Missing: day.", "column", "day"),
        ("Error: FEHLER: Spalte »tag« von Relation »kurse« existiert nicht", "column", "tag"),
        ("ValueError: there has to be a column named valid_from in it", "column", "valid_from"),
        ("InvalidOperationError: conversion failed in column 'zip' for 1", "column", "zip"),
        ('Error: could not convert field "gross weight"', "column", "gross weight"),
        ("Error: Can not create the managed table('`sales`'). It exists", "table", "sales"),
        ("Error: requires a single-part namespace, but got `a`.`b`.", "table", "`a`.`b`"),
        ('Error: duplicate key violates unique constraint "quota_pkey"', "table", "quota"),
        ("Exception: The feature: Table `a`.`b` does not do it", "table", "`a`.`b`"),
        ("Error: Could not serialize access to table prj-1:raw.a due", "table", "prj-1:raw.a"),
        (
            "BatchError: entry 80 INSERT INTO shop.minutes (a, b) was aborted",
            "table",
            "shop.minutes",
        ),
        ("Error: could not parse 'x' as time for field day (position 2)", "column", "day"),
        ("CommitError: Timed out waiting for lock on ops.shifts", "table", "ops.shifts"),
        (
            "AnalysisException: A column with name `p`.`day` cannot be resolved. Did you mean `x`?",
            "column",
            "`p`.`day`",
        ),
        ("Exception: cannot get the schema for table: VIEWS", "table", "VIEWS"),
        ("Exception: Table a does not exist", "table", "a"),
    ],
)
def test_a_column_or_a_table_is_found(text: str, name: str, value: str) -> None:
    assert dict(the_finding(text).entities).get(name) == value


@pytest.mark.parametrize(
    "text",
    [
        "AttributeError: 'Frame' object has no attribute 'ix'",
        "AnalysisException: it is no view. Use DROP TABLE instead.",
    ],
)
def test_a_member_of_a_class_and_a_word_are_neither(text: str) -> None:
    assert not {"column", "table"} & set(dict(the_finding(text).entities))
