"""What a cluster tells about the failure of a task: why it ended, and its driver's log."""

from dataclasses import dataclass, replace

from jobmon.databricks.api import Api
from jobmon.databricks.bounds import MAX_LOGS, MAX_MESSAGE, clean
from jobmon.databricks.driver_logs import DriverLogs
from jobmon.databricks.fields import Json, mapping, pairs, text
from jobmon.databricks.generic import driver_died, is_generic, smells_of_cluster
from jobmon.databricks.once import Once
from jobmon.databricks.plain import joined_notes, may_pass
from jobmon.diagnosis import TaskFailure
from jobmon.errors import JobmonError
from jobmon.run import TaskRun

ORDINARY_ENDS = frozenset({"", "JOB_FINISHED", "INACTIVITY", "USER_REQUEST", "SUCCESS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterStory:
    """Why a cluster ended, and where its logs are delivered."""

    code: str = ""
    message: str = ""
    log_destination: str = ""
    note: str = ""
    unread: bool = False


class Clusters:
    """Asks each cluster once, however many tasks ran on it."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._logs = DriverLogs(api)
        self._stories: Once[str, ClusterStory] = Once()
        self._tails: Once[str, tuple[str, str]] = Once()

    def add_to(self, failure: TaskFailure, task: TaskRun) -> TaskFailure:
        """The failure with its cluster's story and driver log, where they may say more."""
        cluster_id = task.compute
        if cluster_id in ("", "serverless") or not (_smells(failure) or _says_little(failure)):
            return failure
        story = self._stories.get(cluster_id, lambda: self._story(cluster_id))
        unusual = story.code not in ORDINARY_ENDS
        told = replace(
            failure,
            cluster_code=story.code if unusual else "",
            message=_joined(failure.message, story.message if unusual else ""),
            note=joined_notes(failure.note, story.note),
            unread=failure.unread or story.unread,
        )
        return self._with_log(told, cluster_id, story)

    def _with_log(self, failure: TaskFailure, cluster_id: str, story: ClusterStory) -> TaskFailure:
        texts = (failure.error, failure.trace, failure.message)
        if failure.logs or not (_says_little(failure) or driver_died(*texts)):
            return failure
        if not story.log_destination:
            return failure
        destination = story.log_destination
        tail, note = self._tails.get(cluster_id, lambda: self._logs.tail(destination, cluster_id))
        return replace(failure, logs=clean(tail, MAX_LOGS), note=joined_notes(failure.note, note))

    def _story(self, cluster_id: str) -> ClusterStory:
        try:
            what = f"cluster {cluster_id}"
            body = self._api.get("/api/2.1/clusters/get", {"cluster_id": cluster_id}, what=what)
        except JobmonError as exc:
            note = f"the cluster could not be asked: {exc}"
            return ClusterStory(note=note, unread=may_pass(exc))
        reason = mapping(body, "termination_reason")
        return ClusterStory(
            code=text(reason, "code"),
            message=clean(_reason_text(body, reason), MAX_MESSAGE),
            log_destination=_log_destination(body),
        )


def _smells(failure: TaskFailure) -> bool:
    code = failure.termination.code if failure.termination else ""
    kind = failure.termination.type if failure.termination else ""
    return smells_of_cluster(code, kind, failure.error, failure.trace, failure.message)


def _says_little(failure: TaskFailure) -> bool:
    return is_generic(failure.error) and not failure.trace and not failure.logs


def _reason_text(body: Json, reason: Json) -> str:
    parameters = ", ".join(f"{key}: {value}" for key, value in pairs(reason, "parameters"))
    said = "\n".join(filter(None, (text(body, "state_message"), parameters)))
    code = text(reason, "code")
    return f"Cluster terminated. Reason: {code}\n{said}".strip() if code else said


def _log_destination(body: Json) -> str:
    conf = mapping(body, "cluster_log_conf") or mapping(mapping(body, "spec"), "cluster_log_conf")
    for kind in ("dbfs", "volumes"):
        if destination := text(mapping(conf, kind), "destination"):
            return destination
    return ""


def _joined(*messages: str) -> str:
    return clean("\n".join(filter(None, messages)), MAX_MESSAGE)
