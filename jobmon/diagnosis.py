"""What went wrong, as values: the text's chain of causes, and what the rules say about it."""

from dataclasses import dataclass
from enum import StrEnum

from jobmon.run import TaskRunId, Termination


class Category(StrEnum):
    """The closed set of root causes; the names are an interface."""

    MISSING_MODULE = "missing_module"
    DEPENDENCY_CONFLICT = "dependency_conflict"
    LIBRARY_INSTALL = "library_install"
    UNRESOLVED_COLUMN = "unresolved_column"
    TABLE_NOT_FOUND = "table_not_found"
    PATH_NOT_FOUND = "path_not_found"
    SCHEMA_MISMATCH = "schema_mismatch"
    DATA_TYPE_OR_CAST = "data_type_or_cast"
    SYNTAX_ERROR = "syntax_error"
    DATA_QUALITY = "data_quality"
    MODEL_NOT_FOUND = "model_not_found"
    MLFLOW_SIGNATURE = "mlflow_signature"
    MLFLOW_OTHER = "mlflow_other"
    MISSING_PARAMETER_OR_SECRET = "missing_parameter_or_secret"  # noqa: S105 (a category)
    PERMISSION_DENIED = "permission_denied"
    AUTHENTICATION = "authentication"
    CONCURRENT_MODIFICATION = "concurrent_modification"
    STREAMING_FAILURE = "streaming_failure"
    SERIALIZATION = "serialization"
    UNSUPPORTED_OPERATION = "unsupported_operation"
    USER_CODE_EXCEPTION = "user_code_exception"
    EXTERNAL_SERVICE = "external_service"
    RATE_LIMITED = "rate_limited"
    NETWORK = "network"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    EXECUTOR_LOST = "executor_lost"
    DRIVER_UNAVAILABLE = "driver_unavailable"
    DISK_FULL = "disk_full"
    CLUSTER_LAUNCH = "cluster_launch"
    CLOUD_CAPACITY = "cloud_capacity"
    SPOT_PREEMPTION = "spot_preemption"
    QUOTA_OR_LIMIT = "quota_or_limit"
    INTERNAL_ERROR = "internal_error"
    CANCELLED = "cancelled"
    UPSTREAM_FAILED = "upstream_failed"
    UNKNOWN = "unknown"


class Rerun(StrEnum):
    """Whether running again without a change can succeed."""

    LIKELY_TO_HELP = "likely_to_help"
    UNLIKELY_TO_HELP = "unlikely_to_help"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    """How sure a rule is of its category."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFailure:
    """All that is known about one failed task run: the input of a diagnosis.

    Texts are redacted and bounded already. `origin` names the child that the texts come from
    when they were found deeper (`run_job` child, iteration, nested notebook, pipeline update).
    """

    task_key: str
    run_id: TaskRunId | None = None
    task_type: str = ""
    termination: Termination | None = None
    cluster_code: str = ""
    """`TerminationReasonCode` of the task's cluster, when it was asked for."""
    error: str = ""
    trace: str = ""
    message: str = ""
    logs: str = ""
    origin: str = ""
    source: str = ""
    """The user's notebook or file, to recognise their own frames."""
    occurrences: int = 1
    """How many like it there are (iterations of a `for_each` that failed the same way)."""
    note: str = ""
    """What could not be read, for people: "output expired", "driver log not delivered" …"""
    unread: bool = False
    """Whether a later look may find more: something could not be read for now."""


class CauseKind(StrEnum):
    """Which reader found a cause."""

    PYTHON = "python"
    JAVA = "java"
    ERROR_CONDITION = "error condition"
    JSON = "json"
    LINE = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame of a stack; `cell` is a notebook command, `code` the line if the text has it."""

    file: str
    line: int | None = None
    function: str = ""
    code: str = ""
    cell: str = ""
    user_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One error of a chain; lines count from 0 in the cleaned text it was found in."""

    kind: CauseKind
    type: str
    message: str
    line: int
    end_line: int
    text: str
    """The line that names it, exactly as in the text (ANSI codes stripped)."""
    field: str = "error"
    error_condition: str = ""
    sqlstate: str = ""
    frames: tuple[Frame, ...] = ()
    wrapper: str = ""
    """Why it is only a wrapper of another cause; empty for a cause in its own right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReport:
    """What parsing found: causes from the outermost to the innermost, and which is the root."""

    causes: tuple[Cause, ...] = ()
    root: Cause | None = None
    user_frame: Frame | None = None
    """The deepest frame in the user's own notebook or file."""
    headline: str = ""
    """The best single line of the text, also where no cause was recognised."""
    lines_read: int = 0

    def index_of(self, cause: Cause) -> int:
        """Say where a cause stands: itself, others may read the same. ValueError: it is no part."""
        for index, other in enumerate(self.causes):
            if other is cause:
                return index
        raise ValueError(cause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A line quoted exactly from a text; `line` counts from 1."""

    field: str
    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule says about a failure."""

    rule: str
    name: str
    category: Category
    confidence: Confidence
    summary: str
    """One plain sentence with the particulars filled in. Holds untrusted text."""
    why: str
    remedy: str
    rerun: Rerun
    evidence: tuple[Evidence, ...] = ()
    entities: tuple[tuple[str, str], ...] = ()
    references: tuple[str, ...] = ()
    user_frame: Frame | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is said of one text or task run; without a finding it is `unknown`."""

    headline: str
    """The one line that names the cause, quoted."""
    fingerprint: str
    finding: Finding | None = None
    """What the winner says, if any rule fired."""
    also_matched: tuple[str, ...] = ()
    """Codes of the other rules that fired, in the order in which they lost."""
    named: tuple[tuple[str, str], ...] = ()
    """What a cause that no rule knows names all the same."""

    @property
    def entities(self) -> dict[str, str]:
        """What the cause names: modules, columns, tables, paths, hosts."""
        return dict(self.finding.entities if self.finding else self.named)

    @property
    def category(self) -> Category:
        """The winner's category, or `unknown`, said openly."""
        return self.finding.category if self.finding else Category.UNKNOWN

    @property
    def rerun(self) -> Rerun:
        """The winner's advice."""
        return self.finding.rerun if self.finding else Rerun.UNKNOWN
