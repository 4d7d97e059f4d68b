"""Which failures a table of the settings is about: pure, the same for every kind of table."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from jobmon.cause_group import RunDiagnosis
from jobmon.run import Run, as_conditions
from jobmon.settings import Conditions, Route, Settings, WorkspaceSettings
from jobmon.severity import Severity, usual_severity

OWNER_TAGS = ("owner", "team")
SEVERITY_TAG = "severity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What conditions are about: everything by which a failure can be known."""

    workspaces: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    severity: Severity = Severity.WARNING


def facts_of(settings: Settings, run: Run, diagnosis: RunDiagnosis) -> Facts:
    """Gather what conditions may ask of a run's failure."""
    names = (item.name for item in _workspaces_of(settings, run))
    facts = Facts(
        workspaces=(*names, str(run.workspace_id)),
        jobs=(run.job_name, str(run.job_id or "")),
        tags=as_conditions(run.tags),
        categories=tuple(group.diagnosis.category.value for group in diagnosis.groups),
        owners=(*(value for key, value in run.tags if key in OWNER_TAGS), run.creator),
    )
    return _with_severity(facts, settings, run)


def environment_of(settings: Settings, run: Run) -> str:
    """What the settings call the workspace's environment, else what the run itself says."""
    named = (item.environment for item in _workspaces_of(settings, run) if item.environment)
    return next(named, run.environment)


def owner_of(run: Run) -> str:
    """Whom to ask: the job's tag `owner` or `team`, else who created it."""
    tags = dict(run.tags)
    return next((tags[key] for key in OWNER_TAGS if tags.get(key)), run.creator)


def matches(conditions: Conditions, facts: Facts) -> bool:
    """Whether all conditions hold; one that is not given always does."""
    return all(
        _any_matches(patterns, values)
        for patterns, values in (
            (conditions.workspaces, facts.workspaces),
            (conditions.jobs, facts.jobs),
            (conditions.tags, facts.tags),
            (conditions.categories, facts.categories),
            (conditions.owners, facts.owners),
        )
    )


def takes(route: Route, facts: Facts) -> bool:
    """Whether a route is for this failure."""
    is_severe = not route.severities or facts.severity in route.severities
    return is_severe and matches(route, facts)


def _workspaces_of(settings: Settings, run: Run) -> Iterator[WorkspaceSettings]:
    """What the settings say of the run's workspace; the only one there is may lack its id."""
    return (item for item in settings.workspaces if item.workspace_id in (None, run.workspace_id))


def _with_severity(facts: Facts, settings: Settings, run: Run) -> Facts:
    """The first table that matches decides, then the job's own tag, then what is usual."""
    by_table = (rule.level for rule in settings.severities if matches(rule, facts))
    tag = dict(run.tags).get(SEVERITY_TAG, "").casefold()
    by_tag = (level for level in Severity if level == tag)
    usual = usual_severity(run.outcome, environment_of(settings, run))
    severity = next(by_table, None) or next(by_tag, None) or usual
    return replace(facts, severity=severity)


def _any_matches(patterns: tuple[str, ...], values: tuple[str, ...]) -> bool:
    if not patterns:
        return True
    return any(fnmatchcase(value, pattern) for pattern in patterns for value in values)
