"""The ends of a driver's delivered logs, from DBFS or a Unity Catalog volume."""

import base64
import binascii
from urllib.parse import quote

from jobmon.databricks.api import Api
from jobmon.databricks.fields import integer, text
from jobmon.errors import JobmonError, NotFound
from jobmon.redact_cut import after_cut

MAX_TAIL = 256 * 1024
FILES = ("stderr", "log4j-active.log")

NOT_DELIVERED = "the driver log is not delivered yet (clusters deliver every 5 minutes)"


class DriverLogs:
    """Reads a bounded tail; what cannot be read becomes a note."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def tail(self, destination: str, cluster_id: str) -> tuple[str, str]:
        """The ends of the driver's files under a destination, and a note if there are none."""
        parts: list[str] = []
        note = ""
        limit = MAX_TAIL // len(FILES)
        for name in FILES:
            path = f"{destination.rstrip('/')}/{cluster_id}/driver/{name}"
            try:
                data = self._read(path, limit)
            except NotFound:
                note = NOT_DELIVERED
            except JobmonError as exc:
                note = f"the driver log could not be read: {exc}"
            else:
                parts.append(f"==> driver {name} <==\n{_shown(data, limit)}")
        return "\n".join(parts), "" if parts else note

    def _read(self, path: str, limit: int) -> bytes:
        if path.startswith("/Volumes/"):
            return self._from_volume(path, limit)
        return self._from_dbfs(path.removeprefix("dbfs:"), limit)

    def _from_dbfs(self, path: str, limit: int) -> bytes:
        what = f"the driver log {path}"
        status = self._api.get("/api/2.0/dbfs/get-status", {"path": path}, what=what)
        offset = max(0, (integer(status, "file_size") or 0) - limit)
        query = {"path": path, "offset": offset, "length": limit}
        body = self._api.get("/api/2.0/dbfs/read", query, what=what)
        try:
            return base64.b64decode(text(body, "data"))
        except binascii.Error:
            return b""

    def _from_volume(self, path: str, limit: int) -> bytes:
        what = f"the driver log {path}"
        place = f"/api/2.0/fs/files{quote(path)}"
        size = self._api.size(place, what=what)
        if size == 0:
            return b""
        start = max(0, size - limit)
        return self._api.read_range(place, start=start, end=size - 1, what=what)


def _shown(data: bytes, limit: int) -> str:
    """As text; a file that is longer may begin with half a secret."""
    decoded = data.decode(errors="replace")
    return after_cut(decoded) if len(data) >= limit else decoded
