"""Who the workspace is, and who calls."""

import re

from jobmon.demo.workspace.answers import Answer, Body, Request
from jobmon.demo.workspace.content import Content


class IdentityApi:
    """Discovery, tokens for service principals, and users."""

    def __init__(self, content: Content, *, workspace_id: int, token: str) -> None:
        self._content = content
        self._workspace_id = workspace_id
        self._token = token

    def discovery(self, request: Request) -> Body:
        """What the SDK asks every host first."""
        base = f"http://{request.headers['Host']}"
        return {
            "oidc_endpoint": f"{base}/oidc",
            "workspace_id": str(self._workspace_id),
            "cloud": "AWS",
        }

    def oidc(self, request: Request) -> Body:
        """Where a service principal gets its token."""
        base = f"http://{request.headers['Host']}/oidc"
        return {
            "issuer": base,
            "authorization_endpoint": f"{base}/v1/authorize",
            "token_endpoint": f"{base}/v1/token",
        }

    def oidc_token(self, _request: Request) -> Body:
        """A token, for a client id and secret the server has checked."""
        return {"access_token": self._token, "token_type": "Bearer", "expires_in": 3600}

    def me(self, _request: Request) -> Answer:
        """The caller; the SDK reads the workspace's id from a header of this answer."""
        headers = {"X-Databricks-Org-Id": str(self._workspace_id)}
        return Answer(data=b'{"userName": "jobmon@example.com"}', headers=headers)

    def users(self, request: Request) -> Body:
        """Users found by their name, with their groups."""
        wanted = re.fullmatch(r'userName eq "([^"]+)"', request.text("filter"))
        name = wanted[1] if wanted else ""
        if name not in self._content.groups:
            return {"totalResults": 0}
        groups = [{"display": group} for group in self._content.groups[name]]
        return {
            "totalResults": 1,
            "Resources": [{"userName": name, "active": True, "groups": groups}],
        }
