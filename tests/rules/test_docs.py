from pathlib import Path

from rules.docs import rule_section, rules_page
from rules.loader import CATALOG, read_rules
from rules.ruleset import load
from tests.rules.builders import write_rule, write_sample

PAGE = CATALOG.parent.parent / "docs" / "rules.md"


def test_the_committed_page_is_current() -> None:
    assert PAGE.read_text() == rules_page(load().rules), "run: jobmon rules docs"


def test_a_rule_is_shown_with_an_example_from_its_sample(tmp_path: Path) -> None:
    file = write_rule(tmp_path)
    write_sample(file, "match_first", "ValueError: table orders is away")
    (rule,), _ = read_rules([file], is_users=True)

    section = rule_section(rule)

    assert "### X101 table-away" in section
    assert "Table `{table}` is away." in section
    assert "```text\nValueError: table orders is away\n```" in section
    assert "**Do this:** Restore it." in section
