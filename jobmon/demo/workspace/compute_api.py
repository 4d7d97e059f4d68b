"""Clusters, files and pipelines."""

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import eq, ge, gt, le, lt
from urllib.parse import unquote

from jobmon.demo.workspace.answers import Answer, ApiError, Body, Request, invalid, missing
from jobmon.demo.workspace.content import Content

MAX_READ = 1024 * 1024
DEFAULT_READ = 512 * 1024


class ComputeApi:
    """Serves what explains a failure besides its output."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def cluster(self, request: Request) -> Body:
        """One cluster, also after it has ended."""
        cluster_id = request.text("cluster_id")
        if cluster_id not in self._content.clusters:
            msg = f"Cluster {cluster_id} does not exist"
            raise invalid(msg)
        return {"cluster_id": cluster_id, **self._content.clusters[cluster_id]}

    def dbfs_status(self, request: Request) -> Body:
        """The size of a file."""
        path = request.text("path")
        return {"path": path, "is_dir": False, "file_size": len(self._file(path))}

    def dbfs_read(self, request: Request) -> Body:
        """A part of a file, a megabyte at most."""
        length = int(request.text("length", str(DEFAULT_READ)))
        if length > MAX_READ:
            raise ApiError(400, "MAX_READ_SIZE_EXCEEDED", "Length must not exceed 1048576")
        offset = int(request.text("offset", "0"))
        data = self._file(request.text("path"))[offset : offset + length]
        return {"bytes_read": len(data), "data": base64.b64encode(data).decode()}

    def volume_file(self, request: Request) -> Answer:
        """A file of a volume, or the part that `Range` names."""
        data = self._file(unquote(f"/{request.rest}"))
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("Range", ""))
        if wanted is None:
            return Answer(data=data, headers={"Content-Type": "application/octet-stream"})
        start, end = int(wanted[1]), int(wanted[2])
        part = data[start : end + 1]
        place = f"bytes {start}-{start + len(part) - 1}/{len(data)}"
        return Answer(data=part, status=206, headers={"Content-Range": place})

    def pipeline_events(self, request: Request) -> Body:
        """The event log of a pipeline, newest first."""
        pipeline_id, _, what = request.rest.partition("/")
        if what != "events" or pipeline_id not in self._content.events:
            msg = f"The specified pipeline {pipeline_id} was not found."
            raise missing(msg)
        limit = int(request.text("max_results", "25"))
        conditions = tuple(_conditions(request.text("filter")))
        events = self._content.events[pipeline_id]
        return {"events": [event for event in events if _meets(event, conditions)][:limit]}

    def _file(self, path: str) -> bytes:
        if path not in self._content.files:
            msg = f"No file or directory exists on path {path}."
            raise missing(msg)
        return self._content.files[path]


COMPARE: Mapping[str, Callable[[str, str], bool]] = {"=": eq, ">=": ge, "<=": le, ">": gt, "<": lt}


def _conditions(filtered: str) -> Iterator[tuple[str, str, str]]:
    """The field, comparison and value of each condition that `AND` joins."""
    for condition in filtered.split(" AND ") if filtered else ():
        found = re.fullmatch(r"(level|timestamp) *(=|[<>]=?) *'([^']*)'", condition)
        if found is None:
            msg = "Unsupported filter"
            raise invalid(msg)
        yield found[1], found[2], found[3]


def _meets(event: Body, conditions: Iterable[tuple[str, str, str]]) -> bool:
    return all(COMPARE[how](event[field], value) for field, how, value in conditions)
