"""The web server answers its pages, and nothing else."""

from collections.abc import Iterator
from http.client import HTTPConnection

import pytest
from prometheus_client import CollectorRegistry, Gauge, make_wsgi_app

from worker.errors import Fatal
from worker.health import Answer
from worker.web import Server


@pytest.fixture
def server() -> Iterator[Server]:
    """A server whose worker is live and not ready."""
    registry = CollectorRegistry()
    Gauge("answer", "Everything.", registry=registry).set(42)
    pages = {
        "/": lambda: Answer(healthy=True, text="<!DOCTYPE html>", media_type="text/html"),
        "/live": lambda: Answer(healthy=True, text="well\n"),
        "/ready": lambda: Answer(healthy=False, text="no\n"),
    }
    with Server("127.0.0.1", 0, pages, make_wsgi_app(registry)) as server:
        yield server


def get(server: Server, path: str) -> tuple[int, str]:
    """Return status and text."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def headers_of(server: Server, path: str) -> dict[str, str]:
    """Return the headers of an answer."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        connection.request("GET", path)
        return dict(connection.getresponse().getheaders())
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [("/live", 200, "well\n"), ("/ready", 503, "no\n"), ("/", 200, "<!DOCTYPE"), ("/table/", 404, "newsworker:")],
)
def test_each_path_has_its_answer(server: Server, path: str, status: int, text: str) -> None:
    """Whole, one after another."""
    for _ in range(3):
        found = get(server, path)
        assert found[0] == status
        assert found[1].startswith(text)


def test_a_page_for_a_person_comes_anew_by_itself(server: Server) -> None:
    """A browser shows it as a page and asks again; what programs ask for is plain text."""
    found = {path: headers_of(server, path) for path in ("/", "/live")}
    assert found["/"].items() >= {"Content-Type": "text/html; charset=utf-8", "Refresh": "5"}.items()
    assert found["/live"]["Content-Type"] == "text/plain; charset=utf-8"
    assert "Refresh" not in found["/live"]
    assert {headers["Cache-Control"] for headers in found.values()} == {"no-store"}


def test_metrics_are_served_in_prometheus_text(server: Server) -> None:
    """As its client writes them."""
    status, text = get(server, "/metrics")
    assert status == 200
    assert "answer 42.0" in text


def test_a_taken_port_is_one_clear_error(server: Server) -> None:
    """It names the settings."""
    with pytest.raises(Fatal, match=f"NEWSWORKER_WEB_PORT: cannot listen on 127.0.0.1:{server.port}"):
        Server("127.0.0.1", server.port, {}, make_wsgi_app(CollectorRegistry()))
