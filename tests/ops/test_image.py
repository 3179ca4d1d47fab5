"""The image, built and run by a real engine: who it runs as, what it may write, how it starts, answers and ends.

Its base is made here of Debian's packages (tests/ops/debian.py); all else is as a user builds it.
"""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kafka_client import KafkaClient, Received, Sent
from ops.container import HARDENED, Container, Engine
from ops.debian import make_base, reach_packages
from ops.installed import lacking
from ops.locked import locked
from packaging.utils import canonicalize_name

from worker import __version__, topics
from worker.broker import EmbeddedBroker
from worker.settings import Settings

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
BASE, IMAGE = "localhost/base", "localhost/newsworker"
LABELS = {
    "version": __version__,
    "revision": "0123456789abcdef0123456789abcdef01234567",
    "created": "2025-03-04T10:15:42Z",
    "source": "https://example.org/newsworker",
}
STATE = "/var/lib/newsworker"
MIB = 1024 * 1024

LARGEST_MIB = 180
"""What the image may add to its base: 166 MiB where measured, of which the packages are all but 7."""

LONGEST_SECONDS = 120.0
DRAIN_SECONDS = 40
LIST = """
import json, sys
from importlib.metadata import distributions
folders = [path for path in sys.path if path.startswith(sys.prefix)]
print(json.dumps([(one.name, one.version) for one in distributions(path=folders)]))
"""
PAGE = b'{"content": "Harbour reopens\\n\\nThe harbour of Eastmere reopened on Tuesday after the storm had passed."}'


@dataclass(frozen=True, slots=True)
class Running:
    """A worker in a container, its broker, and its settings."""

    container: Container
    client: KafkaClient
    settings: Settings

    def wait_until_ready(self) -> float:
        """Wait until its own probe says so; return the seconds it took."""
        return self.wait_until(lambda: self.container.succeeds("newsworker", "probe", "ready"))

    def stories(self, count: int) -> list[str]:
        """Wait for so many stories and return their headlines."""
        self.wait_until(lambda: len(self._stories()) >= count)
        return [json.loads(record.value or b"")["headline"] for record in self._stories()]

    def _stories(self) -> list[Received]:
        return self.client.consume(self.settings.topics.story)

    def wait_until(self, condition: Callable[[], bool]) -> float:
        """Wait until it holds; return the seconds it took. Fails at once when the worker has ended."""
        started = time.monotonic()
        while not condition():
            waiting = self.container.is_running() and time.monotonic() - started < LONGEST_SECONDS
            assert waiting, "\n".join(self.container.log()[-40:])
            time.sleep(0.5)
        return time.monotonic() - started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for what a build is given."""
    return tmp_path_factory.mktemp("image")


@pytest.fixture(scope="module")
def base(engine: Engine, folder: Path) -> str:
    """Make the base image; without rights to start containers the tests are skipped."""
    started = time.monotonic()
    archive = make_base(folder)
    engine.call("import", "--quiet", str(archive), BASE)
    archive.unlink()
    print(f"base made in {time.monotonic() - started:.0f} s")
    code, words = engine.run(BASE, command=["true"], check=False)
    if code:
        lacking(f"no container can be started here: {words}")
    return BASE


@pytest.fixture(scope="module")
def image(engine: Engine, base: str, folder: Path) -> Any:
    """Build the image and return what the engine knows of it."""
    started = time.monotonic()
    arguments = {"BASE": base, **{name.upper(): value for name, value in LABELS.items()}}
    options = [f"--build-arg={name}={value}" for name, value in arguments.items()]
    engine.build(ROOT, f"--tag={IMAGE}", *options, *reach_packages(folder), dockerfile=ROOT / "deploy/Dockerfile")
    print(f"image built in {time.monotonic() - started:.0f} s")
    return engine.inspect(IMAGE)


@contextmanager
def started(engine: Engine, *options: str) -> Iterator[Running]:
    """Start the image with nothing set but where its broker is, which is its own, and a free port."""
    with EmbeddedBroker(topics.partitions(Settings(partitions=1))) as broker, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        own = {"NEWSWORKER_BROKER": broker.bootstrap, "NEWSWORKER_WEB_PORT": str(port)}
        container = engine.start(IMAGE, *options, environment=own)
        yield Running(container, KafkaClient(broker.bootstrap), Settings())


@pytest.fixture(scope="module")
def worker(engine: Engine, image: Any) -> Iterator[Running]:  # noqa: ARG001 - has to be built
    """Start a worker with a root that it cannot write and no rights; wait until it is ready."""
    with started(engine, *HARDENED) as running:
        print(f"ready in {running.wait_until_ready():.0f} s")
        yield running


@pytest.fixture(scope="module")
def idle(engine: Engine, image: Any) -> Container:  # noqa: ARG001 - has to be built
    """Start a container of the image in which no worker runs."""
    return engine.start(IMAGE, "--entrypoint=sleep", environment={"NEWSWORKER_WEB_PORT": "1"}, command=["infinity"])


def test_the_image_says_how_it_is_run(image: Any) -> None:
    """By number, without a shell in between, ended by SIGTERM, with the port, the state's volume and a check."""
    config = image["Config"]
    assert (config["User"], config["Entrypoint"], config["Cmd"]) == ("10001:10001", ["newsworker"], ["run"])
    assert (config["StopSignal"], config["WorkingDir"]) == ("SIGTERM", STATE)
    assert (set(config["ExposedPorts"]), set(config["Volumes"])) == ({"8080/tcp"}, {STATE})
    assert image["Healthcheck"]["Test"] == ["CMD", "newsworker", "probe", "live"]


def test_the_image_says_what_it_is(image: Any) -> None:
    """Its labels are those that a build is given, and the project's own."""
    labels = {name.removeprefix("org.opencontainers.image."): value for name, value in image["Labels"].items()}
    assert labels.items() >= LABELS.items()
    assert (labels["title"], labels["licenses"]) == ("newsworker", "Apache-2.0")
    assert labels["description"] in (ROOT / "pyproject.toml").read_text("utf-8")


def test_the_image_is_small(engine: Engine, image: Any) -> None:
    """It adds no more to its base than what it installs, and a change of code is a layer of a few MB."""
    added = image["Size"] - engine.inspect(BASE)["Size"]
    print(f"{added / MIB:.0f} MiB upon a base of {(image['Size'] - added) / MIB:.0f} MiB")
    assert added < LARGEST_MIB * MIB


def test_a_page_becomes_a_story(worker: Running) -> None:
    """With a read-only root, no capability, and nothing set but its broker."""
    worker.client.produce(worker.settings.topics.raw, [Sent(PAGE)])
    assert worker.stories(1) == ["Harbour reopens"]


def test_it_runs_as_nobody_that_the_base_knows(worker: Running) -> None:
    """The number of its user and group is that of the image, for the processes of the roles too."""
    assert worker.container.exec("id", "-u").strip() == worker.container.exec("id", "-g").strip() == "10001"
    owners = worker.container.exec("sh", "-c", "stat -c %u /proc/[0-9]*")
    assert set(owners.split()) == {"10001"}


def test_it_may_write_nothing_but_its_state_and_temporary_files(worker: Running) -> None:
    """Of all files and folders; least of all what it runs."""
    asked = ["find", "/", "(", "-path", "/proc", "-o", "-path", "/sys", "-o", "-path", "/dev", ")", "-prune", "-o"]
    found = worker.container.exec(*asked, "-writable", "-not", "-type", "l", "-print", check=False)
    paths = {line for line in found.splitlines() if line.startswith("/")}
    assert {path for path in paths if not path.startswith(("/tmp/", f"{STATE}/"))} == {"/tmp", STATE}


def test_the_image_has_the_locked_packages_alone(worker: Running) -> None:
    """And the project: nothing that builds, nothing that installs."""
    installed = json.loads(worker.container.exec("python", "-c", LIST))
    assert {canonicalize_name(name): version for name, version in installed} == {**locked(), "newsworker": __version__}
    assert worker.container.exec("sh", "-c", "command -v cc gcc c++ make git uv hatch; true") == ""


def test_nothing_is_compiled_at_a_start(worker: Running) -> None:
    """Every module of the worker has its bytecode, which holds though nobody can write it."""
    program = "import worker.cli.service as m; print(open(m.__cached__, 'rb').read(8)[4])"
    assert worker.container.exec("python", "-c", program).strip() == "1"


def test_the_health_check_is_well_while_it_runs(worker: Running, idle: Container) -> None:
    """The one of the image; it is not where no worker answers."""
    assert worker.container.health() == 0
    assert idle.health() == 1


def test_it_drains_when_it_is_stopped(worker: Running) -> None:
    """In the middle of its work it exits with 0, and what it says of its end is no complaint."""
    pages = [Sent(PAGE.replace(b"Eastmere", b"Eastmere %d" % number)) for number in range(500)]
    before = len(worker.stories(1))
    worker.client.produce(worker.settings.topics.raw, pages)
    worker.stories(before + 1)
    began = time.monotonic()
    assert worker.container.stop(DRAIN_SECONDS) == 0
    print(f"drained in {time.monotonic() - began:.0f} s")
    assert {json.loads(line)["level"] for line in worker.container.log()} <= {"info", "warning"}


def test_it_writes_nowhere_else_when_it_could(engine: Engine, idle: Container) -> None:
    """On a root that can be written, a worker that has made a story and ended has changed no path but /tmp.

    What the engine itself changes is seen on a container in which nothing was done.
    """
    with started(engine) as running:
        running.client.produce(running.settings.topics.raw, [Sent(PAGE)])
        running.stories(1)
        assert running.container.stop(DRAIN_SECONDS) == 0
        assert running.container.changes() - idle.changes() <= {"/tmp"}
