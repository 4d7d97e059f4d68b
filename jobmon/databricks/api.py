"""One door to a workspace's REST API: the SDK's transport, jobmon's errors.

Answers stay raw JSON, since the SDK's dataclasses turn enum values they do not know into None.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from databricks.sdk.core import ApiClient

from jobmon.databricks.faults import Attempted, no_workspace, translated
from jobmon.databricks.fields import EMPTY, Json, mappings, text
from jobmon.errors import NotFound

JOBS = "/api/2.2/jobs"
MAX_PAGES = 1000


class Api:
    """Calls a workspace and raises jobmon's errors, naming what was asked and the host."""

    def __init__(self, client: ApiClient, *, host: str) -> None:
        self._client = client
        self.host = host

    def get(self, path: str, query: Mapping[str, object], *, what: str) -> Json:
        """Read; the SDK repeats throttled and broken requests within its budget."""
        with translated(what, self.host, Attempted.READ):
            return _body(self._client.do("GET", path, query=dict(query)))

    def pages(self, path: str, query: Mapping[str, object], *, what: str) -> Iterator[Json]:
        """Read page after page, following `next_page_token`."""
        token = ""
        for _ in range(MAX_PAGES):
            page = self.get(path, {**query, **({"page_token": token} if token else {})}, what=what)
            yield page
            token = text(page, "next_page_token")
            if not token:
                return

    def listed(
        self, path: str, query: Mapping[str, object], *, key: str, what: str
    ) -> Iterator[Json]:
        """The objects under `key` of all pages; every workspace has them, be it none.

        Raises PermanentError when the host does not know the list at all.
        """
        try:
            for page in self.pages(path, query, what=what):
                yield from mappings(page, key)
        except NotFound as exc:
            raise no_workspace(what, self.host) from exc

    def post_once(self, path: str, body: Mapping[str, object], *, what: str) -> Json:
        """Send a request that must not be repeated.

        Raises DoubtfulError when the workspace may have taken it.
        """
        # The SDK repeats POSTs too, after a dropped connection for example, unless the body is a
        # stream that cannot be rewound; to it, a bytearray is one.
        data = bytearray(json.dumps(body).encode())
        with translated(what, self.host, Attempted.EFFECT):
            headers = {"Content-Type": "application/json"}
            return _body(self._client.do("POST", path, headers=headers, data=data))

    def post(self, path: str, body: Mapping[str, object], *, what: str) -> Json:
        """Send a request that is harmless to repeat, which the SDK does within its budget.

        Raises DoubtfulError when the workspace may have taken it.
        """
        with translated(what, self.host, Attempted.EFFECT):
            return _body(self._client.do("POST", path, body=dict(body)))

    def size(self, path: str, *, what: str) -> int:
        """The length of a file, from its headers."""
        with translated(what, self.host, Attempted.READ):
            answer = self._client.do("HEAD", path, response_headers=["content-length"])
        return int(str(_body(answer).get("content-length") or 0))

    def read_range(self, path: str, *, start: int, end: int, what: str) -> bytes:
        """The bytes of a file from `start` to `end`, both included."""
        with translated(what, self.host, Attempted.READ):
            headers = {"Range": f"bytes={start}-{end}"}
            answer: Any = self._client.do("GET", path, headers=headers, raw=True)
            with answer["contents"] as contents:
                # A server that ignores Range sends everything: read no more than was asked for.
                return bytes(contents.read(end - start + 1))


def _body(answer: object) -> Json:
    return answer if isinstance(answer, Mapping) else EMPTY
