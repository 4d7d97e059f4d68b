import re
from pathlib import Path

from click.testing import CliRunner

from jobmon.cli import main
from rules.docs import rule_section, rules_pages
from rules.loader import CATALOG, read_rules
from rules.rule import Field
from rules.ruleset import load
from tests.rules.builders import write_rule, write_sample

DOCS = CATALOG.parent.parent / "docs"


def test_the_committed_pages_are_current() -> None:
    committed = [DOCS / "rules.md", *(DOCS / "rules").iterdir()]

    assert {str(page.relative_to(DOCS)): page.read_text() for page in committed} == rules_pages(
        load().rules
    ), "run: jobmon rules docs"


def test_each_rule_of_the_contents_links_to_its_section() -> None:
    pages = rules_pages(load().rules)
    links = re.findall(r"\| \[(\S+)\]\((\S+)#(\S+)\) \|", pages["rules.md"])

    headings = {
        (path, heading.lower().replace(" ", "-"))
        for path, page in pages.items()
        for heading in re.findall(r"^## (\S+ \S+)$", page, re.MULTILINE)
    }
    assert len(links) == len(load().rules)
    assert [link for link in links if link[1:] not in headings] == []


def test_a_rule_is_shown_with_an_example_from_its_sample(tmp_path: Path) -> None:
    file = write_rule(tmp_path)
    write_sample(file, "match_first", "ValueError: table orders is away")
    (rule,), _ = read_rules([file], is_users=True)

    section = rule_section(rule)

    assert "## X101 table-away" in section
    assert "Table `{table}` is away." in section
    assert "```text\nValueError: table orders is away\n```" in section
    assert "**Do this:** Restore it." in section


def test_a_rule_says_first_what_holds_whenever_it_fires(tmp_path: Path) -> None:
    (rule,), _ = read_rules([write_rule(tmp_path)], is_users=True)

    section = rule_section(rule)

    general, more = (
        "\nA table is away.\n",
        "\nWhere the text tells more:\n\n- Table `{table}` is away.\n",
    )
    assert 0 < section.index(general) < section.index(more)


def test_the_rule_of_the_page_about_writing_rules_wins_its_sample(tmp_path: Path) -> None:
    page = (DOCS / "writing-rules.md").read_text()
    rule, sample = re.findall(r"^```toml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    folder = tmp_path / "X101-ledger-period-final"
    (folder / "samples").mkdir(parents=True)
    (folder / "rule.toml").write_text(rule)
    (folder / "samples" / "match_first.toml").write_text(sample)
    (folder / "samples" / "ignore_other_period.toml").write_text(
        sample.split("[expect]")[0].replace("is final", "is open")
    )

    answer = CliRunner().invoke(main, ["rules", "test", str(tmp_path)])

    assert answer.exit_code == 0, answer.output


def test_the_page_about_writing_rules_names_every_field() -> None:
    page = (DOCS / "writing-rules.md").read_text()

    assert [field for field in Field if f"`{field}`" not in page] == []
