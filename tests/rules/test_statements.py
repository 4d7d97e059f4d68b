import pytest

from rules.statements import in_words, statements


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("TableNotFoundError", "table not found error"),
        ("com.acme.etl.Jobs$SQLSyntaxException", "sql syntax exception"),
        ("TABLE_OR_VIEW_GONE", "table or view gone"),
        ("late", "late"),
    ],
)
def test_the_name_of_a_class_or_code_is_read_in_words(name: str, words: str) -> None:
    assert in_words(name) == words


def test_each_sentence_stands_alone() -> None:
    said = "Could not load a.csv; table x is locked.\nColumn y was not found!  Aborting"

    assert statements(said).split("\n") == [
        "Could not load a.csv;",
        "table x is locked.",
        "Column y was not found!",
        "Aborting",
    ]


def test_what_names_in_a_message_say_follows_it_once() -> None:
    said = "state=KILLED_BY_USER after TableGone\nTableGone: see KILLED_BY_USER"

    assert statements(said) == f"{said}\nkilled by user\ntable gone"
