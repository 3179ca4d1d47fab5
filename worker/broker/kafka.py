"""A real Apache Kafka 4 on this machine: one KRaft node in a process of its own, for tests and development.

In: Java and the jars from `worker.broker.distribution`, the settings' template of `deploy/kafka`. Out: a bootstrap
address on 127.0.0.1, to whoever connects. It never listens elsewhere and never touches an existing Kafka's data.
"""

import base64
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from string import Template
from typing import Self

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from worker.broker import distribution
from worker.errors import Fatal

STAGE = "broker"

JVM_OPTIONS = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")
"""A small heap and the quick compiler (a node that lives for minutes gains nothing from the slow one), and no files
of the JVM's own in the temporary folder."""

START_SECONDS = 60.0
"""Longest wait for the first answer; about 2 s where measured, and a loaded machine is slower."""

STOP_SECONDS = 20.0
"""Longest wait for a clean stop before the node is killed; under 1 s where measured."""

PROBE_SECONDS = 0.5
"""Longest wait for one answer of a node that is starting: soon enough to notice that it has ended instead."""

PAUSE_SECONDS = 0.05
"""Between two questions, so that a wrong answer is not asked for without pause."""

NOTE_LINES = 40
"""How much of its log goes with an error: a Java stack trace and what came before it."""

PORTS = range(20_000, 32_000)
"""Below Linux's ephemeral ports (32768-60999): a port from among those may be taken by a client's own connection
between a stop and the next start."""


class KafkaBroker:
    """One Apache Kafka node on 127.0.0.1, started by `with` or `start`, gone with its data when the block is left.

    The node keeps its port and its data over `stop`, `kill` and the next `start`; `close` (or the block's end) removes
    the data, unless `folder` was given. Where `setpriv` (util-linux) is there the node also ends with the thread that
    started it, so call `start` in the main thread: then even a SIGKILL of this process leaves no node behind, only its
    temporary folder.
    """

    def __init__(self, *, port: int = 0, folder: Path | None = None, cache: Path | None = None) -> None:
        """Prepare a node; nothing runs yet.

        Args:
            port: where clients connect; 0 takes a free one.
            folder: where data and logs are kept; without it a temporary folder, removed by `close`.
            cache: where the resolved jars are kept; the user's cache folder by default.
        """
        self._java = distribution.java()
        self._class_path = distribution.class_path(cache)
        self._temporary = folder is None
        self._folder = folder or Path(tempfile.gettempdir()) / f"newsworker-kafka-{secrets.token_hex(8)}"
        ports = _free_ports()
        self._port = port or next(ports)
        self._controller_port = next(free for free in ports if free != port)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        """The address for clients, `host:port`."""
        return f"127.0.0.1:{self._port}"

    @property
    def pid(self) -> int | None:
        """The process id of the running node; None while it is stopped."""
        return self._process.pid if self._process and self.is_running() else None

    @property
    def log(self) -> Path:
        """The file of the node's warnings and errors."""
        return self._folder / "server.log"

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            undo.callback(self.close)
            self.start()
            undo.pop_all()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def is_running(self) -> bool:
        """Tell whether the node's process lives."""
        return self._process is not None and self._process.poll() is None

    def check(self) -> None:
        """Do nothing while the node runs, and raise `kafka_ended` (Fatal) with the end of its log where it does not."""
        if not self.is_running():
            raise _failure("kafka_ended", "is not running", self._read_log())

    def start(self) -> None:
        """Start the node, on the data it has if any, and wait until it answers.

        Raises:
            Fatal: `kafka_not_started`, with the end of its log as a note.
        """
        if self.is_running():
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write_properties()
        if not self._meta.exists():
            self._format()
        with self.log.open("ab") as log:
            command = [*_dies_with_parent(), *self._command("kafka.Kafka"), str(self._properties)]
            # A session of its own: Ctrl-C on a terminal reaches us, and we stop the node in order.
            self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)  # noqa: S603 - Java
        self._wait_until_it_answers()

    def stop(self) -> None:
        """Stop the node in order (SIGTERM), and kill it when that takes longer than 20 s; the data stay."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Kill the node (SIGKILL), as a crash would; the data stay."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """Stop the node and remove its temporary folder."""
        self.stop()
        if self._temporary:
            shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _meta(self) -> Path:
        return self._data / "meta.properties"

    @property
    def _properties(self) -> Path:
        return self._folder / "server.properties"

    def _write_properties(self) -> None:
        template = Template((distribution.files() / "server.properties").read_text(encoding="utf-8"))
        text = template.substitute(port=self._port, controller_port=self._controller_port, data=self._data)
        self._properties.write_text(text, encoding="utf-8")

    def _format(self) -> None:
        command = [
            *self._command("kafka.tools.StorageTool"),
            "format",
            "-t",
            _new_cluster_id(),
            "-c",
            str(self._properties),
        ]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - Java
        if answer.returncode:
            raise _failure("kafka_not_started", "cannot format its storage", answer.stdout + answer.stderr)

    def _cluster_id(self) -> str:
        lines = self._meta.read_text(encoding="utf-8").splitlines()
        return next(line.removeprefix("cluster.id=") for line in lines if line.startswith("cluster.id="))

    def _command(self, main_class: str) -> list[str]:
        logging = f"-Dlog4j2.configurationFile={distribution.files() / 'log4j2.properties'}"
        # Kafka unpacks its compression libraries there: they go when the folder goes.
        temporary = f"-Djava.io.tmpdir={self._folder}"
        return [self._java, *JVM_OPTIONS, logging, temporary, "-cp", self._class_path, main_class]

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        client = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0, "reconnect.backoff.max.ms": 200})
        cluster = self._cluster_id()
        while _answering_cluster(client) != cluster:
            if not self.is_running():
                raise _failure("kafka_not_started", "did not start", self._read_log())
            if time.monotonic() > deadline:
                self.kill()
                raise _failure("kafka_not_started", f"did not answer in {START_SECONDS:.0f} s", self._read_log())
            time.sleep(PAUSE_SECONDS)

    def _read_log(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""


def _answering_cluster(client: AdminClient) -> str | None:
    # The id tells our node from another one that has the port.
    try:
        metadata = client.list_topics(timeout=PROBE_SECONDS)
    except KafkaException:
        return None
    return metadata.cluster_id if metadata.brokers else None


def _dies_with_parent() -> list[str]:
    # Through another program, because code between fork and exec is unsafe in a process with threads.
    program = shutil.which("setpriv")
    return [program, "--pdeathsig", "TERM", "--"] if program else []


def _free_ports() -> Iterator[int]:
    for port in secrets.SystemRandom().sample(PORTS, k=len(PORTS)):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                yield port


def _new_cluster_id() -> str:
    # Kafka's ids: 128 random bits in URL-safe base64 without padding.
    # One that begins with a dash would be taken for an option.
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=").replace("-", "_")


def _failure(reason: str, what: str, output: str) -> Fatal:
    lines = output.strip().splitlines()
    failure = Fatal(reason, STAGE, f"Apache Kafka {what}; the last line of its log: {lines[-1] if lines else '(none)'}")
    failure.add_note("\n".join(lines[-NOTE_LINES:]))
    return failure
