"""A pretend Databricks workspace that speaks HTTP to the real SDK, for demos and tests."""

from jobmon.demo.workspace.answers import ApiError, Body
from jobmon.demo.workspace.content import PretendRun
from jobmon.demo.workspace.faults import Fault, FaultKind
from jobmon.demo.workspace.server import Call, PretendWorkspace

__all__ = ["ApiError", "Body", "Call", "Fault", "FaultKind", "PretendRun", "PretendWorkspace"]
