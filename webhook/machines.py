"""Headers of every answer. None of ours is a page: nothing is kept, guessed, framed or run."""

from collections.abc import Callable, Iterable
from typing import Any

HEADERS = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
)

WsgiApp = Callable[[Any, Any], Iterable[bytes]]


def for_machines_only(app: WsgiApp) -> WsgiApp:
    """Add the headers to whatever an application answers, its errors too."""

    def answer(environ: Any, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 (WSGI's)
        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:  # noqa: ANN401
            return start_response(status, [*headers, *HEADERS], *exc_info)

        return app(environ, start)

    return answer
