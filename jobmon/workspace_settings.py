"""Read from variables and the file how to reach the workspaces of Databricks."""

from collections.abc import Iterator
from pathlib import Path

from jobmon.address import fault_of_host
from jobmon.config_file import ConfigFile
from jobmon.settings import Secret, WorkspaceSettings
from jobmon.variables import Variables

ID, SECRET = "DATABRICKS_CLIENT_ID", "DATABRICKS_CLIENT_SECRET"

# With one of these the SDK gets a token for an id without a secret (workload identity).
# https://docs.databricks.com/aws/en/dev-tools/auth/oauth-federation
INSTEAD_OF_A_SECRET = (
    "DATABRICKS_AUTH_TYPE",
    "DATABRICKS_OIDC_TOKEN",
    "DATABRICKS_OIDC_TOKEN_ENV",
    "DATABRICKS_OIDC_TOKEN_FILEPATH",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "SYSTEM_ACCESSTOKEN",
)


def workspace_settings(reader: Variables, config: ConfigFile) -> tuple[WorkspaceSettings, ...]:
    """The workspaces of the file, else the one of the environment."""
    named = reader.environ.get("DATABRICKS_CONFIG_FILE", "")
    config_file = Path(named or WorkspaceSettings().config_file)
    if not config.workspaces:
        return (_of_environment(reader, config_file),)
    return tuple(_of_file(reader, config, config_file))


def _of_environment(reader: Variables, config_file: Path) -> WorkspaceSettings:
    found = WorkspaceSettings(
        host=reader.text("DATABRICKS_HOST"),
        token=reader.secret("DATABRICKS_TOKEN"),
        client_id=reader.text(ID),
        client_secret=reader.secret(SECRET),
        profile=reader.text("DATABRICKS_CONFIG_PROFILE"),
        config_file=config_file,
    )
    if problem := fault_of_host(found.host):
        reader.fault(f"DATABRICKS_HOST: {problem}")
    has_other = any(map(reader.environ.get, INSTEAD_OF_A_SECRET))
    if _lacks_secret(found) and not has_other and not reader.is_given(SECRET):
        reader.fault(f"{SECRET}: set it too; a service principal needs its id and its secret")
    if _lacks_id(found) and not reader.is_given(ID):
        reader.fault(f"{ID}: set it too; a service principal needs its id and its secret")
    return found


def _of_file(
    reader: Variables, config: ConfigFile, config_file: Path
) -> Iterator[WorkspaceSettings]:
    for item in config.workspaces:
        key = f"workspace {item.name}: "
        found = WorkspaceSettings(
            name=item.name,
            workspace_id=item.workspace_id,
            host=item.host,
            token=_named(reader, item.token_env, f"{key}token_env"),
            client_id=item.client_id,
            client_secret=_named(reader, item.client_secret_env, f"{key}client_secret_env"),
            profile=item.profile,
            config_file=config_file,
            environment=item.environment,
            in_file=True,
        )
        if _lacks_secret(found) and not item.client_secret_env:
            reader.fault(
                f"{key}client_secret_env: give it too; client_id needs the name of the variable "
                "that holds its secret"
            )
        if _lacks_id(found):
            reader.fault(f"{key}client_id: give it too; client_secret_env needs it")
        yield found


def _lacks_secret(found: WorkspaceSettings) -> bool:
    """Half a service principal, where nothing else says how to sign in."""
    is_other = bool(found.token or found.profile)
    return bool(found.client_id) and not found.client_secret and not is_other


def _lacks_id(found: WorkspaceSettings) -> bool:
    is_other = bool(found.token or found.profile)
    return bool(found.client_secret) and not found.client_id and not is_other


def _named(reader: Variables, variable: str, key: str) -> Secret:
    """Read a secret whose variable the file names."""
    if not variable:
        return Secret("")
    if not reader.is_given(variable):
        reader.fault(f"{key}: the variable {variable} is not set")
    return reader.secret(variable)
