"""gunicorn's settings as they are served with, but with less patience for slow clients."""

from webhook import server
from webhook.server import *  # noqa: F403 (gunicorn reads the names of this module)

server.HEADER_SECONDS = 1.0
server.REQUEST_SECONDS = 1.5
workers = 1
threads = 4
