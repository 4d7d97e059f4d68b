"""People who type and click in the pretend Slack, over HTTP, with jobmon between."""

import threading
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.serving import make_server

from jobmon.action import CHANGES_SOMETHING, Permission
from jobmon.demo.scenarios import platform
from jobmon.demo.slack import Message
from jobmon.demo.slack.person import Acknowledgement
from jobmon.demo.workspace import PretendRun
from jobmon.settings import Policy
from tests.flow.conftest import CHANNEL, World
from workers.services import Services, install

ANA, BO, EVE = "U0ANA00001", "U0BO000002", "U0EVE00003"
STARTED = datetime.now(UTC) - timedelta(minutes=30)
EVERYTHING = tuple(sorted(CHANGES_SOMETHING))


@dataclass(kw_only=True)
class Desk:
    """What people at their desks do and see."""

    world: World
    url: str
    services: Services

    def configure(self, *permissions: Permission, policy: Policy | None = None) -> None:
        """Say who may do what, and start the workers anew with it."""
        settings = replace(
            self.services.settings,
            permissions=permissions,
            policy=policy or self.services.settings.policy,
        )
        self.services = replace(self.services, settings=settings)
        install(self.services)

    def types(self, text: str, *, who: str = ANA, channel: str = CHANNEL) -> Acknowledgement:
        """Type `/jobmon …`, and let the workers work."""
        person = self.world.slack.person(who)
        answer = person.type_command(f"{self.url}/slack/commands", text, channel=channel)
        self.world.work()
        return answer

    def clicks(self, action_id: str, *, who: str = ANA, option: str = "") -> Acknowledgement:
        """Click on the root message, and let the workers work."""
        answer = self.clicks_only(self.root, action_id, who=who, option=option)
        self.world.work()
        return answer

    def clicks_only(
        self, message: Message, action_id: str, *, who: str = ANA, option: str = ""
    ) -> Acknowledgement:
        """Click on a message as it was seen, and no more."""
        person = self.world.slack.person(who)
        return person.click(f"{self.url}/slack/interactions", message, action_id, option=option)

    def told(self, who: str = ANA) -> list[str]:
        """What only this person sees."""
        found = self.world.slack.team.ephemerals
        return [message.text for message in found if message.ephemeral_to == who]

    def answer(self, who: str = ANA) -> Message:
        """The latest that only this person sees."""
        found = self.world.slack.team.ephemerals
        return [message for message in found if message.ephemeral_to == who][-1]

    @property
    def root(self) -> Message:
        """The incident's message as it stands."""
        return self.world.slack.messages(CHANNEL)[0]

    @property
    def seen(self) -> Message:
        """The incident's message as it is on the screen, whatever becomes of it."""
        return deepcopy(self.root)

    @property
    def thread(self) -> list[str]:
        """What the incident's thread says."""
        return [message.text for message in self.world.slack.thread(self.root.ts)]

    @property
    def buttons(self) -> set[str]:
        """The action ids on the root message."""
        return {
            str(element["action_id"])
            for block in self.root.blocks
            if block["type"] == "actions"
            for element in block["elements"]  # type: ignore[attr-defined]
        }

    @property
    def repairs(self) -> int:
        """How many repairs Databricks was asked for."""
        return len(self.world.workspace.calls_to("/jobs/runs/repair"))

    @property
    def new_runs(self) -> int:
        """How many new runs Databricks was asked for."""
        return len(self.world.workspace.calls_to("/jobs/run-now"))

    def fails(self, run: PretendRun) -> PretendRun:
        """Let a run fail and be told."""
        self.world.workspace.add(run)
        self.world.fails(run.run_id)
        self.world.work()
        return run

    def seconds_to_next_look(self, run_id: int) -> float:
        """How long until the run is looked at again."""
        member = f"diagnose:{self.world.workspace.workspace_id}-{run_id}"
        due = self.world.client.zscore("jobmon:wake", member)
        assert due is not None
        return float(due) / 1000 - datetime.now(UTC).timestamp()

    def has_recovered(self) -> bool:
        """Let time pass, and look whether the message says that all is well."""
        self.time_passes()
        return "recovered" in self.root.text

    def time_passes(self) -> None:
        """Let what waits for its time be done."""
        self.world.pass_time()
        self.world.work()


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    """A desk where Ana and Bo may do everything, and Eve nothing."""
    server = make_server("127.0.0.1", 0, world.web.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    at_work = Desk(
        world=world, url=f"http://127.0.0.1:{server.server_port}", services=world.services
    )
    at_work.configure(Permission(actions=EVERYTHING, users=(ANA, BO)))
    yield at_work
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def transient(desk: Desk) -> PretendRun:
    """A failure that a rerun is likely to cure, told in the channel."""
    return desk.fails(platform.spot_instance_lost(501, STARTED))
