"""A set of rules, compiled so that a text meets all of them at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from jobmon.errors import SettingsError
from rules.index import ConditionId, ExactIndex, TextIndex
from rules.loader import CATALOG, read_rules, rule_files
from rules.rule import LINE_FIELDS, Condition, Field, Rule


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule whose conditions are numbers."""

    rule: Rule
    all_of: tuple[ConditionId, ...]
    any_of: tuple[ConditionId, ...]
    none_of: tuple[ConditionId, ...]

    @property
    def wanted(self) -> tuple[ConditionId, ...]:
        """The conditions that speak for the rule."""
        return self.all_of + self.any_of


class RuleSet:
    """Rules with their indexes. Equal conditions of several rules are asked once."""

    def __init__(self, rules: Iterable[Rule], disabled: Sequence[str] = ()) -> None:
        self.disabled = prefixes_of(disabled)
        self.rules: tuple[Rule, ...] = tuple(sorted(rules, key=lambda rule: rule.code))
        numbers: dict[Condition, ConditionId] = {}
        self.compiled = tuple(_compile(rule, numbers) for rule in self.rules)
        self.conditions: tuple[Condition, ...] = tuple(numbers)
        self._asking = _asking(self.compiled, len(self.conditions))
        """For each condition the rules that it speaks for."""
        self._exact: dict[Field, ExactIndex] = {
            field: ExactIndex(self._numbered({field}))
            for field in Field
            if field not in LINE_FIELDS | {Field.MESSAGE, Field.WORDS}
        }
        self.messages = TextIndex(self._numbered({Field.MESSAGE}))
        self.words = TextIndex(self._numbered({Field.WORDS}))
        self.words_come_last = all(
            rule.goes_by_words and not rule.is_users
            for rule in self.rules
            if rule.asks(Field.WORDS)
        )
        """Whether only those rules ask for words that give way to every other rule."""
        self._telling: dict[str, RuleSet] = {}
        self.lines = TextIndex(self._numbered(LINE_FIELDS))

    def __len__(self) -> int:
        return len(self.rules)

    def rule(self, code: str) -> Rule | None:
        """Find a rule by its code or its name."""
        wanted = code.casefold()
        return next(
            (rule for rule in self.rules if wanted in {rule.code.casefold(), rule.name}), None
        )

    def asked(self, held: Iterable[ConditionId]) -> list[CompiledRule]:
        """Return the rules that one of these conditions speaks for, by their codes."""
        asked = {index for number in held for index in self._asking[number]}
        return [self.compiled[index] for index in sorted(asked)]

    def exact(self, field: Field) -> ExactIndex:
        """Return the index of a field that holds one short value."""
        return self._exact[field]

    def telling(self, rule: Rule) -> "RuleSet | None":
        """Return a set that asks what the rule `also` does, in that order; None if it does not."""
        if rule.also_of and rule.code not in self._telling:
            self._telling[rule.code] = RuleSet(
                [replace(rule, any_of=rule.also_of, all_of=(), none_of=(), also_of=())]
            )
        return self._telling.get(rule.code)

    def _numbered(self, fields: Iterable[Field]) -> list[tuple[ConditionId, Condition]]:
        wanted = set(fields)
        return [(i, item) for i, item in enumerate(self.conditions) if item.field in wanted]


def load(paths: Sequence[Path | str] = (), disabled: Sequence[str] = ()) -> RuleSet:
    """Load the built-in catalogue and the user's rules, compiled once per process.

    `disabled` holds codes or prefixes of codes. Raises SettingsError with every fault of
    every file.
    """
    return _load(tuple(Path(path) for path in paths), tuple(disabled))


@cache
def _load(paths: tuple[Path, ...], disabled: tuple[str, ...]) -> RuleSet:
    ours, faults = read_rules(rule_files(CATALOG), is_users=False)
    theirs: list[Rule] = []
    for path in paths:
        if not path.is_dir():
            faults.append(f"{path}: there is no such folder.\n  Correct JOBMON_RULES_PATH.")
            continue
        found, more = read_rules(rule_files(path), is_users=True)
        theirs += found
        faults += more
    faults += clashes([*ours, *theirs])
    faults += _unknown_replacements(ours, theirs)
    if faults:
        raise SettingsError(tuple(faults))
    return RuleSet(enabled([*ours, *theirs], disabled), disabled)


def clashes(rules: Iterable[Rule]) -> list[str]:
    """Name every code that two rules claim."""
    folders: dict[str, list[str]] = {}
    for rule in rules:
        folders.setdefault(rule.code, []).append(rule.folder)
    return [
        f"{code}: is claimed by {' and '.join(sorted(found))}.\n"
        f'  Give one of them another code; to override a rule say replaces = "{code}".'
        for code, found in sorted(folders.items())
        if len(found) > 1
    ]


def enabled(rules: Iterable[Rule], disabled: Sequence[str]) -> list[Rule]:
    """Leave out what is switched off by code or prefix, and what another rule replaces."""
    prefixes = prefixes_of(disabled)
    kept = [rule for rule in rules if not (prefixes and rule.code.startswith(prefixes))]
    replaced = {rule.replaces for rule in kept if rule.replaces}
    return [rule for rule in kept if rule.code not in replaced]


def prefixes_of(disabled: Sequence[str]) -> tuple[str, ...]:
    """Return codes and prefixes of codes as they are compared."""
    return tuple(prefix.strip().upper() for prefix in disabled if prefix.strip())


def _unknown_replacements(ours: Iterable[Rule], theirs: Iterable[Rule]) -> list[str]:
    known = {rule.code for rule in ours}
    return [
        f"{rule.folder}/rule.toml: replaces: there is no rule {rule.replaces!r}.\n"
        "  Name a rule that `jobmon rules list` shows, or take the key out."
        for rule in theirs
        if rule.replaces and rule.replaces not in known
    ]


def _compile(rule: Rule, numbers: dict[Condition, ConditionId]) -> CompiledRule:
    def ids(conditions: Iterable[Condition]) -> tuple[ConditionId, ...]:
        return tuple(numbers.setdefault(item, len(numbers)) for item in conditions)

    return CompiledRule(rule, ids(rule.all_of), ids(rule.any_of), ids(rule.none_of))


def _asking(compiled: Iterable[CompiledRule], conditions: int) -> tuple[tuple[int, ...], ...]:
    asking: list[list[int]] = [[] for _ in range(conditions)]
    for index, rule in enumerate(compiled):
        for number in rule.wanted:
            asking[number].append(index)
    return tuple(tuple(rules) for rules in asking)
