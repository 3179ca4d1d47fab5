"""The supervisor's web server: /metrics, /live, /ready and the status page.

In: functions that answer, from the supervisor. Out: HTTP on the address of the settings. Each request has a thread of
its own; nothing else is served, and nothing is logged of a request.
"""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from socketserver import ThreadingMixIn
from threading import Thread
from types import TracebackType
from typing import Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from worker.errors import Fatal
from worker.health import Answer
from worker.status import REFRESH_SECONDS

NOT_HERE = Answer(healthy=False, text="newsworker: / /metrics /live /ready\n")


class Server:
    """Answers on an address while its block lasts."""

    def __init__(
        self, host: str, port: int, pages: Mapping[str, Callable[[], Answer]], metrics: WSGIApplication
    ) -> None:
        """Listen; port 0 takes a free one.

        Raises:
            Fatal: `web_port_taken`.
        """
        try:
            self._server = make_server(host, port, _route(pages, metrics), _Server, _Handler)
        except OSError as error:
            place = f"NEWSWORKER_WEB_HOST, NEWSWORKER_WEB_PORT: cannot listen on {host}:{port}"
            raise Fatal("web_port_taken", "web", f"{place}: {error.strerror}") from error
        self._thread = Thread(target=self._server.serve_forever, name="web", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_port)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Handler(WSGIRequestHandler):
    timeout = 10  # seconds for a slow client

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        pass


def _route(pages: Mapping[str, Callable[[], Answer]], metrics: WSGIApplication) -> WSGIApplication:
    def respond(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        if path == "/metrics":
            return metrics(environ, start)
        if path not in pages:
            return _send(start, HTTPStatus.NOT_FOUND, NOT_HERE)
        answer = pages[path]()
        return _send(start, HTTPStatus.OK if answer.healthy else HTTPStatus.SERVICE_UNAVAILABLE, answer)

    return respond


def _send(start: StartResponse, status: HTTPStatus, answer: Answer) -> list[bytes]:
    headers = [("Content-Type", f"{answer.media_type}; charset=utf-8"), ("Cache-Control", "no-store")]
    if answer.media_type == "text/html":
        headers.append(("Refresh", str(REFRESH_SECONDS)))
    start(f"{status.value} {status.phrase}", headers)
    return [answer.text.encode()]
