"""Which workspace a command is about: by its name, by the page of a run, or as the only one."""

from jobmon.cli.run_number import GivenRun
from jobmon.errors import PermanentError
from jobmon.settings import Settings, WorkspaceSettings


def chosen_workspace(
    settings: Settings, name: str, given: GivenRun | None = None
) -> WorkspaceSettings:
    """The one workspace that is meant; where it is none or several, what to say instead."""
    known = ", ".join(item.name for item in settings.workspaces)
    named = [item for item in settings.workspaces if name in {"", item.name}]
    if not named:
        raise PermanentError(f"no workspace is named {name!r}; there is: {known}")
    chosen = [item for item in named if given is None or _may_be_of(item, given)]
    if not chosen and given is not None:
        others = ", ".join(item.name for item in named)
        raise PermanentError(
            f"the page is of {given.host}, not of workspace {others}: give the number of a run "
            "that is there"
        )
    if len(chosen) > 1:
        raise PermanentError(f"several workspaces are configured: add --workspace, one of {known}")
    return chosen[0]


def _may_be_of(workspace: WorkspaceSettings, given: GivenRun) -> bool:
    """A page says whose it is by its `o=` or its host; what a profile's are is not known here."""
    if not given.host or not workspace.host:
        return True
    if given.workspace_id is not None and workspace.workspace_id is not None:
        return given.workspace_id == workspace.workspace_id
    _, _, host = workspace.host.rpartition("://")
    return given.host == host.rstrip("/").lower()
