"""Where Java and Apache Kafka's jars come from: an installed Kafka, or Maven and a cache folder.

In: the environment (`KAFKA_HOME`, `JAVA_HOME`, `XDG_CACHE_HOME`: other programs' conventions, not options of ours)
and the pom beside the server's settings. Out: the program and the class path that `worker.broker.kafka` starts.
It never installs Java or Maven.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from worker.errors import Fatal

STAGE = "broker"

JAVA_VERSION = 17
"""The oldest Java that a Kafka 4 broker runs on (Kafka's documentation, "Java Version")."""

RESOLVE_SECONDS = 600
"""Longest wait for Maven: 45 MB; 4-6 s where measured, and a slow line needs far more."""

PACKAGED = Path(__file__).parent.parent / "data" / "kafka"
CHECKOUT = Path(__file__).parent.parent.parent / "deploy" / "kafka"


def files() -> Path:
    """Return the folder of the pom and the templates, as installed with the package or in a checkout."""
    return PACKAGED if PACKAGED.is_dir() else CHECKOUT


def java(environ: Mapping[str, str] = os.environ) -> str:
    """Return the Java program to use: `JAVA_HOME`'s, else the one on the path.

    Raises:
        Fatal: `java_missing` or `java_too_old`, saying what to install.
    """
    home = environ.get("JAVA_HOME")
    program = shutil.which("java", path=str(Path(home) / "bin") if home else environ.get("PATH", ""))
    advice = f"a local Apache Kafka needs Java {JAVA_VERSION} or newer (Debian: openjdk-17-jre-headless)"
    if program is None:
        raise Fatal("java_missing", STAGE, f"no Java in {home or 'PATH'}: {advice}")
    version = _java_version(program)
    if version < JAVA_VERSION:
        raise Fatal("java_too_old", STAGE, f"{program} is Java {version}: {advice}")
    return program


def class_path(cache: Path | None = None, environ: Mapping[str, str] = os.environ) -> str:
    """Return Kafka's class path: `KAFKA_HOME`'s jars, else those in `cache`, which Maven fills the first time.

    Two processes may fill the same cache at once: each resolves into a folder of its own and one of them becomes
    `kafka-<version>`.

    Raises:
        Fatal: `kafka_home_invalid`, `maven_missing` or `kafka_unresolved`.
    """
    home = environ.get("KAFKA_HOME")
    if home:
        return _jars(_installed(Path(home)))
    root = cache or default_cache(environ)
    folder = root / f"kafka-{version()}"
    if not folder.is_dir():
        _resolve(folder, environ)
    return _jars(folder)


def default_cache(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where the jars are kept: `newsworker` in the user's cache folder (XDG base directories)."""
    root = environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "newsworker"


def version() -> str:
    """Return the version of Kafka that the pom names."""
    found = re.search(r"<kafka\.version>([^<]+)</", (files() / "pom.xml").read_text(encoding="utf-8"))
    if found is None:
        raise Fatal("kafka_unresolved", STAGE, f"{files() / 'pom.xml'} names no kafka.version")
    return found[1]


def _java_version(program: str) -> int:
    # `java -version` writes 'openjdk version "17.0.15" ...'; before Java 9 it was "1.8.0_392".
    answer = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)  # noqa: S603 - Java
    found = re.search(r'version "(?:1\.)?(\d+)', answer.stderr)
    return int(found[1]) if found else 0


def _installed(home: Path) -> Path:
    libs = home / "libs"
    if not any(libs.glob("kafka_2.13-4.*.jar")):
        raise Fatal(
            "kafka_home_invalid", STAGE, f"KAFKA_HOME={home}: no Apache Kafka 4 there (libs/kafka_2.13-4.*.jar)"
        )
    return libs


def _jars(folder: Path) -> str:
    return str(folder / "*")


def _resolve(folder: Path, environ: Mapping[str, str]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="resolving-", dir=folder.parent) as work:
        # Maven writes beside the pom, and an installed package may be read-only.
        shutil.copy(files() / "pom.xml", work)
        _run_maven(Path(work), environ)
        with suppress(OSError):
            # Refused where another process was faster: its folder is the same.
            (Path(work) / "libs").rename(folder)
    if not folder.is_dir():
        raise Fatal("kafka_unresolved", STAGE, f"cannot write {folder}")


def _run_maven(work: Path, environ: Mapping[str, str]) -> None:
    program = shutil.which("mvn", path=environ.get("PATH", ""))
    if program is None:
        advice = "install it (Debian: maven), or set KAFKA_HOME to an installed Apache Kafka 4"
        raise Fatal("maven_missing", STAGE, f"Maven fetches Apache Kafka and is not in PATH: {advice}")
    command = [program, "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=libs", "-DincludeScope=runtime"]
    try:
        answer = subprocess.run(  # noqa: S603 - Maven, on our own pom
            command, cwd=work, capture_output=True, text=True, timeout=RESOLVE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Fatal("kafka_unresolved", STAGE, f"Maven did not end within {RESOLVE_SECONDS} s") from error
    if answer.returncode:
        failure = Fatal("kafka_unresolved", STAGE, f"Maven could not fetch Apache Kafka: {_first_error(answer.stdout)}")
        failure.add_note(answer.stdout)
        raise failure


def _first_error(output: str) -> str:
    return next((line for line in output.splitlines() if "[ERROR]" in line), "it says nothing")
