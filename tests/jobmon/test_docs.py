"""What the pages say is what the code does: settings, dependencies, metrics, commands."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from jobmon.cli import COMMANDS
from jobmon.config_file import ConfigFile, read_config_file
from jobmon.settings_reader import read_settings
from webhook.metrics import HELP, HISTOGRAMS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


class Recorder(Mapping[str, str]):
    """An empty environment that remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


EVERYBODYS = {"NO_COLOR"}
"""Variables that all programs heed; settings are none of them."""


def section(text: str, heading: str) -> str:
    return text.split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]


def first_cells(text: str) -> list[str]:
    return [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]


def read_variables() -> set[str]:
    environ = Recorder()
    read_settings(environ)
    return {
        name for name in environ.asked if name.removesuffix("_FILE") not in environ.asked - {name}
    }


def test_every_variable_that_is_read_is_documented_and_no_other() -> None:
    cells = first_cells(section(page("settings.md"), "## Environment"))
    documented = {name for cell in cells for name in re.findall(r"`([A-Z_]+)`", cell)}

    assert documented == read_variables()


def test_no_other_code_looks_at_our_variables() -> None:
    named = re.compile(r"environ(?:\.get\(|\[)\s*\"([A-Z_]+)\"")
    found = {
        name
        for room in ("jobmon", "webhook", "workers", "notifiers", "rules")
        for path in (ROOT / room).rglob("*.py")
        for name in named.findall(path.read_text(encoding="utf-8"))
    }

    assert found - EVERYBODYS <= read_variables()


def test_the_documented_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "jobmon.toml"
    path.write_text(example(), encoding="utf-8")

    config, faults = read_config_file(path)

    assert config.routes
    assert not faults


def test_every_key_of_the_file_is_documented() -> None:
    text = section(page("settings.md"), "## `jobmon.toml`")

    assert not [key for key in keys_of(ConfigFile) if not re.search(rf"\b{key}\b", text)]


def example() -> str:
    return page("settings.md").split("```toml\n", 1)[1].split("\n```", 1)[0]


def keys_of(kind: type) -> set[str]:
    found = set()
    for field in msgspec.inspect.type_info(kind).fields:  # type: ignore[attr-defined]
        found.add(field.encode_name)
        item = getattr(field.type, "item_type", field.type)
        if hasattr(item, "cls") and hasattr(item, "fields"):
            found |= keys_of(item.cls)
    return found


def project() -> Mapping[str, list[str]]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    read: Mapping[str, list[str]] = tomllib.loads(text)["project"]
    return read


def name_of(requirement: str) -> str:
    return re.split(r"[ <>=!;\[(~]", requirement, maxsplit=1)[0].lower()


def test_every_dependency_is_named_and_justified_and_no_other() -> None:
    rows = [line.split("|") for line in page("dependencies.md").splitlines() if "| `" in line]
    named = [row[1].strip(" `") for row in rows]

    assert named == sorted(map(name_of, project()["dependencies"]))
    assert all(len(row[2].strip()) > 10 for row in rows)


PIN = re.compile(r"[a-z0-9_.-]+(?:\[[a-z0-9_,-]+\])?==[0-9][\w.+!-]*(?: ; [^\\]+)?")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def pins() -> list[list[str]]:
    """Each pinned line with its continuation lines."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8").replace("\\\n", "\0")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [[part.strip() for part in line.split("\0")] for line in lines]


def test_every_pin_has_a_version_and_hashes_and_nothing_else() -> None:
    assert pins()
    for pin, *hashes in pins():
        assert PIN.fullmatch(pin), pin
        assert hashes, pin
        assert all(HASH.fullmatch(item) for item in hashes), pin


def test_no_pin_names_an_address() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")

    assert not re.search(r"://|@\s|--(?:index|extra|find|trusted)", text)


def test_every_dependency_is_pinned() -> None:
    pinned = {re.split(r"[=\[]", pin, maxsplit=1)[0].replace("_", "-") for pin, *_ in pins()}

    assert set(map(name_of, project()["dependencies"])) <= pinned


@pytest.mark.parametrize("name", [*HELP, *HISTOGRAMS])
def test_every_metric_is_explained(name: str) -> None:
    text = page("operations.md")
    short = name.removeprefix("rate_limit")

    assert f"jobmon_{name}" in text or f"`…{short}" in text


def test_every_metric_that_is_explained_exists() -> None:
    named = set(re.findall(r"`jobmon_([a-z_]+)", section(page("operations.md"), "## Watching it")))
    source = (ROOT / "webhook" / "metrics.py").read_text(encoding="utf-8")

    assert not [name for name in named if f'"{name.removesuffix("_total")}"' not in source]


@pytest.mark.parametrize("name", ["operations.md", "security.md", "dependencies.md", "settings.md"])
def test_every_command_that_a_page_names_exists(name: str) -> None:
    named = set(re.findall(r"`jobmon ([a-z]+)", page(name)))

    assert named <= set(COMMANDS)


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
def test_every_link_of_a_page_leads_somewhere(path: Path) -> None:
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", prose)
    local = [link for link in links if "://" not in link]

    assert not [link for link in local if not (path.parent / link).exists()]
