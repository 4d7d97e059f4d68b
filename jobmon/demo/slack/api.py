"""One API call from the argument parsing to the answer: token, rate, fault, method."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from jobmon.demo.slack import conversations, methods
from jobmon.demo.slack.faults import Fault, FaultKind, FaultPlan
from jobmon.demo.slack.team import JSONObject, Refusal, Team

METHODS: Mapping[str, methods.Method] = {
    "apps.connections.open": methods.open_connection,
    "auth.test": methods.auth_test,
    "chat.getPermalink": methods.get_permalink,
    "chat.postEphemeral": methods.post_ephemeral,
    "chat.postMessage": methods.post_message,
    "chat.update": methods.update,
    "conversations.history": conversations.history,
    "conversations.info": conversations.info,
    "conversations.join": conversations.join,
    "conversations.replies": conversations.replies,
    "files.completeUploadExternal": conversations.complete_upload,
    "files.getUploadURLExternal": conversations.upload_url,
    "usergroups.users.list": methods.group_members,
    "users.info": methods.user_info,
    "users.lookupByEmail": methods.lookup_by_email,
    "views.open": methods.open_view,
}
CARRIED_OUT = frozenset({FaultKind.DROP_AFTER, FaultKind.SLOW})
POST_INTERVAL = 1.0
"""Slack takes about one message a second in each channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call as it came in, and what was answered."""

    method: str
    arguments: JSONObject
    answer: JSONObject
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back over the wire; `drop` closes the connection instead."""

    body: JSONObject
    status: int = 200
    retry_after: int | None = None
    html: bool = False
    drop: bool = False


class Service:
    """Carries calls out, one at a time, and remembers them."""

    def __init__(self, team: Team, *, token: str, latency: timedelta, enforce_rate: bool) -> None:
        self.team = team
        self.faults = FaultPlan()
        self.calls: list[Call] = []
        self.latency = latency
        self.enforce_rate = enforce_rate
        self._token = token
        self._posted_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def answer(self, method: str, arguments: JSONObject, *, token: str) -> Answer:
        """Answer a call, as its fault has it if there is one."""
        if self.latency:
            time.sleep(self.latency.total_seconds())
        fault = self.faults.next_for(method)
        answer = self._faulty(fault, method, arguments, token=token)
        with self._lock:
            call = Call(method=method, arguments=arguments, answer=answer.body, fault=fault)
            self.calls.append(call)
        return answer

    def _faulty(
        self, fault: Fault | None, method: str, arguments: JSONObject, *, token: str
    ) -> Answer:
        if fault is None:
            return self._carried_out(method, arguments, token=token)
        if fault.kind not in CARRIED_OUT:
            return instead(fault)
        answer = self._carried_out(method, arguments, token=token)
        time.sleep(fault.delay.total_seconds())
        return replace(answer, drop=fault.kind is FaultKind.DROP_AFTER)

    def _carried_out(self, method: str, arguments: JSONObject, *, token: str) -> Answer:
        if token != self._token:
            return Answer(body={"ok": False, "error": "invalid_auth" if token else "not_authed"})
        call = METHODS.get(method)
        if call is None:
            return Answer(body={"ok": False, "error": "unknown_method"})
        with self.team.lock:
            if method == "chat.postMessage" and self._too_soon(str(arguments.get("channel"))):
                return _rate_limited(1)
            try:
                return Answer(body={"ok": True, **call(self.team, arguments)})
            except Refusal as refusal:
                return Answer(body={"ok": False, "error": refusal.error, **refusal.extra})

    def _too_soon(self, channel: str) -> bool:
        if not self.enforce_rate:
            return False
        now = time.monotonic()
        if now - self._posted_at.get(channel, -POST_INTERVAL) < POST_INTERVAL:
            return True
        self._posted_at[channel] = now
        return False


def _rate_limited(seconds: int) -> Answer:
    return Answer(body={"ok": False, "error": "ratelimited"}, status=429, retry_after=seconds)


def instead(fault: Fault) -> Answer:
    """What is answered instead of carrying a call out."""
    match fault.kind:
        case FaultKind.RATE_LIMITED:
            return _rate_limited(fault.retry_after)
        case FaultKind.STATUS:
            return Answer(body={}, status=fault.status, html=True)
        case FaultKind.HTML:
            return Answer(body={}, html=True)
        case FaultKind.ERROR:
            return Answer(body={"ok": False, "error": fault.error})
        case _:
            return Answer(body={}, drop=True)
