"""The pictures in the docs show what jobmon says."""

import re

import pytest

from tests.support.failures import a_missing_column, an_unknown_error, diagnosed
from tests.support.pictures import FOLDER, Picture, kept_words, pictures, words_of

ROOT = FOLDER.parent.parent


@pytest.mark.parametrize("picture", [pytest.param(item, id=item.name) for item in pictures()])
def test_a_picture_says_what_jobmon_says(picture: Picture) -> None:
    taken = kept_words().get(picture.name)

    assert words_of(picture) == taken, "take it again: python scripts/pictures.py"
    assert (FOLDER / f"{picture.name}.png").exists()


def test_every_picture_is_one_that_is_taken() -> None:
    taken = {picture.name for picture in pictures()}

    assert {file.stem for file in FOLDER.glob("*.png")} == taken


def test_the_docs_show_only_pictures_that_are_taken() -> None:
    pages = (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
    shown = {
        name for page in pages for name in re.findall(r"pictures/([\w-]+)\.png", page.read_text())
    }

    assert shown <= {picture.name for picture in pictures()}


def test_what_the_examples_call_known_or_unknown_is_so() -> None:
    assert diagnosed(a_missing_column()).diagnosis.finding is not None
    assert diagnosed(an_unknown_error()).diagnosis.finding is None
