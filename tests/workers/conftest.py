"""Fixtures of the use cases' tests."""

from tests.workers.office import office

__all__ = ["office"]
