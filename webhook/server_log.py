"""What gunicorn itself says: one event a line like everything else, in the format that is set."""

import logging
import os
import sys
from typing import Any

from gunicorn.glogging import Logger

from jobmon.errors import SettingsError
from jobmon.log import configure_logging


class ServerLog(Logger):  # type: ignore[misc]
    """Hands gunicorn's messages to our log, unless they were asked for elsewhere."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401 (gunicorn's signature)
        """Called in the master, before any settings are read."""
        super().setup(cfg)
        configure_logging(os.environ.get("JOBMON_LOG_FORMAT", "text"))
        for handler in list(self.error_log.handlers):
            if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr:
                self.error_log.removeHandler(handler)
                self.error_log.propagate = True

    def exception(self, msg: object, *args: object, **kwargs: Any) -> None:  # noqa: ANN401
        """Wrong settings are named, one a line: no trace says more."""
        error = sys.exc_info()[1]
        if not isinstance(error, SettingsError):
            super().exception(msg, *args, **kwargs)
            return
        for fault in error.faults:
            self.error("%s", fault)
