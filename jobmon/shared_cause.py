"""Causes that jobs can share. Pure.

The same words in many jobs are one failure only where something outside of them can have failed.
Where that is not so, each job's failure is told for itself: a message too many is read and
forgotten, an error that another job's message hides is not.
"""

from collections.abc import Mapping

from jobmon.cause_group import CauseGroup
from jobmon.diagnosis import Category

SHARED: Mapping[Category, str] = {
    Category.CLOUD_CAPACITY: "the cloud has no machines for anybody",
    Category.SPOT_PREEMPTION: "the cloud takes machines back from all who lent them",
    Category.CLUSTER_LAUNCH: "pools, policies and networks serve many clusters",
    Category.QUOTA_OR_LIMIT: "an account's or workspace's quota is used up for all",
    Category.NETWORK: "hosts, names and routes serve all jobs",
    Category.EXTERNAL_SERVICE: "the metastore, a warehouse or an API serves all jobs",
    Category.RATE_LIMITED: "callers share one allowance",
    Category.INTERNAL_ERROR: "the platform fails by itself",
    Category.AUTHENTICATION: "a credential that expires belongs to many jobs",
    Category.PERMISSION_DENIED: "a grant that is taken away was many jobs'",
    Category.MISSING_PARAMETER_OR_SECRET: "a secret that is gone was read by many jobs",
    Category.LIBRARY_INSTALL: "the package registry serves all jobs",
    Category.DEPENDENCY_CONFLICT: "a new release or image reaches all jobs at once",
    Category.MISSING_MODULE: "an image or a cluster's libraries serve many jobs",
    Category.MODEL_NOT_FOUND: "the model registry serves all jobs",
    Category.TABLE_NOT_FOUND: "many jobs read one table",
    Category.PATH_NOT_FOUND: "many jobs read one path",
    Category.SCHEMA_MISMATCH: "many jobs read one source",
    Category.UNRESOLVED_COLUMN: "many jobs read one source",
}
"""What many jobs can fail with at once, and by what."""

OWN: Mapping[Category, str] = {
    Category.USER_CODE_EXCEPTION: "everyday errors say the same of unlike code",
    Category.SYNTAX_ERROR: "it is the job's own code",
    Category.UNSUPPORTED_OPERATION: "it is the job's own code",
    Category.SERIALIZATION: "it is the job's own code",
    Category.DATA_TYPE_OR_CAST: "it is the job's own data and code",
    Category.DATA_QUALITY: "each job has its own expectations",
    Category.CONCURRENT_MODIFICATION: "it is between two writers of one table",
    Category.STREAMING_FAILURE: "each stream has its own state",
    Category.MLFLOW_SIGNATURE: "it is the job's own input",
    Category.MLFLOW_OTHER: "it is mostly the job's own use of MLflow",
    Category.TIMEOUT: "each job has its own limit and its own pace",
    Category.OUT_OF_MEMORY: "each job fills its own machines",
    Category.EXECUTOR_LOST: "each job has its own machines",
    Category.DRIVER_UNAVAILABLE: "each job has its own driver",
    Category.DISK_FULL: "each job fills its own disks",
    Category.CANCELLED: "each run is cancelled for itself",
    Category.UPSTREAM_FAILED: "it is only told of what failed before",
    Category.UNKNOWN: "nothing is known that it could share",
}
"""What each job fails with for itself, however alike it sounds."""


def can_be_shared(group: CauseGroup) -> bool:
    """Whether many jobs that fail with this cause may be told of as one."""
    return group.diagnosis.category in SHARED


def names_a_cause(group: CauseGroup) -> bool:
    """Tell a cause, known or not, from a rule that only knows words such as `workload failed`."""
    finding = group.diagnosis.finding
    return finding is None or finding.category is not Category.UNKNOWN
