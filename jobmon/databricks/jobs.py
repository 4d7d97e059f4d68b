"""Look jobs up, and who may manage their runs."""

from collections.abc import Iterator
from itertools import islice

from jobmon.databricks.api import JOBS, Api
from jobmon.databricks.bounds import MAX_NAME, clean
from jobmon.databricks.fields import Json, integer, mapping, mappings, pairs, text
from jobmon.errors import NotFound, PermanentError
from jobmon.ids import id_in
from jobmon.ports.workspace import Job
from jobmon.run import JobId

MANAGING = frozenset({"CAN_MANAGE_RUN", "IS_OWNER", "CAN_MANAGE"})
MAX_SAME_NAME = 5


class Jobs:
    """Reads job settings and permissions."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def job(self, name_or_id: str) -> Job:
        """The job with this id or exact name."""
        wanted = name_or_id.strip()
        job_id = id_in(wanted)
        if job_id is not None:
            try:
                return self.by_id(JobId(job_id))
            except NotFound:
                # A name may consist of digits too.
                return self._by_name(wanted)
        return self._by_name(wanted)

    def by_id(self, job_id: JobId) -> Job:
        """The job with this id."""
        return _job_from(self._api.get(f"{JOBS}/get", {"job_id": job_id}, what=f"job {job_id}"))

    def can_manage_run(self, job_id: JobId, user_name: str) -> bool:
        """Whether the user, or a group they are in, may manage the job's runs."""
        what = f"the permissions of job {job_id}"
        answer = self._api.get(f"/api/2.0/permissions/jobs/{job_id}", {}, what=what)
        managing = [e for e in mappings(answer, "access_control_list") if _manages(e)]
        wanted = user_name.lower()
        if any(text(entry, "user_name").lower() == wanted for entry in managing):
            return True
        allowed = {group for entry in managing if (group := text(entry, "group_name"))}
        return bool(allowed and not allowed.isdisjoint(self._groups(user_name)))

    def _groups(self, user_name: str) -> Iterator[str]:
        if '"' in user_name or "\\" in user_name:
            return
        query = {"filter": f'userName eq "{user_name}"', "attributes": "userName,groups,active"}
        what = "the groups of a user"
        answer = self._api.get("/api/2.0/preview/scim/v2/Users", query, what=what)
        for user in mappings(answer, "Resources"):
            if text(user, "userName").lower() == user_name.lower() and user.get("active", True):
                yield from (text(group, "display") for group in mappings(user, "groups"))

    def _by_name(self, name: str) -> Job:
        what = "the list of jobs"
        listed = self._api.listed(
            f"{JOBS}/list", {"name": name, "limit": 100}, key="jobs", what=what
        )
        # Databricks compares names without regard to case.
        exact = (job for job in map(_job_from, listed) if job.name == name)
        found = tuple(islice(exact, MAX_SAME_NAME))
        match found:
            case ():
                msg = f"no job on {self._api.host} has the name or id {clean(name, MAX_NAME)!r}"
                raise NotFound(msg)
            case (job,):
                return job
            case _:
                ids = ", ".join(str(job.job_id) for job in found)
                msg = f"several jobs are named {clean(name, MAX_NAME)!r}: use an id ({ids})"
                raise PermanentError(msg)


def _job_from(body: Json) -> Job:
    settings = mapping(body, "settings")
    return Job(
        job_id=JobId(integer(body, "job_id") or 0),
        name=clean(text(settings, "name"), MAX_NAME),
        tags=pairs(settings, "tags"),
    )


def _manages(entry: Json) -> bool:
    levels = (text(level, "permission_level") for level in mappings(entry, "all_permissions"))
    return any(level in MANAGING for level in levels)
