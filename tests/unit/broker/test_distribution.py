"""Finding Java and Kafka's jars. Java and Maven are stood in for by small programs on a path of the test's own."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from worker.broker import distribution
from worker.errors import Fatal

FETCHES = """
sleep 0.2
mkdir libs
touch libs/kafka_2.13-4.0.0.jar
echo fetched >> {log}
"""

FAILS = """
echo "[INFO] looking"
echo "[ERROR] the jar is nowhere"
exit 1
"""


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder for stand-in programs."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def install(tools: Path, name: str, script: str) -> dict[str, str]:
    """Put a program there and return the environment that finds it alone."""
    program = tools / name
    program.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
    program.chmod(0o755)
    return {"PATH": str(tools)}


def test_missing_java_is_told_with_its_package() -> None:
    """The error names what to install."""
    with pytest.raises(Fatal, match="openjdk-17-jre-headless") as failure:
        distribution.java({"PATH": ""})
    assert failure.value.reason == "java_missing"


@pytest.mark.parametrize("version", ["11.0.2", "1.8.0_392"])
def test_an_old_java_is_refused(tools: Path, version: str) -> None:
    """A Java that Kafka 4 cannot run on is found out before Kafka fails on it."""
    environ = install(tools, "java", f"echo 'openjdk version \"{version}\"' >&2")
    with pytest.raises(Fatal, match="needs Java 17") as failure:
        distribution.java(environ)
    assert failure.value.reason == "java_too_old"


def test_java_home_goes_before_the_path(tools: Path, tmp_path: Path) -> None:
    """`JAVA_HOME` decides which Java is used."""
    install(tools, "java", "echo 'openjdk version \"21.0.1\"' >&2")
    assert distribution.java({"JAVA_HOME": str(tmp_path), "PATH": ""}) == str(tools / "java")


def test_missing_maven_is_told_with_both_ways_out(tmp_path: Path) -> None:
    """The error names Maven's package and `KAFKA_HOME`."""
    with pytest.raises(Fatal, match=r"maven.*KAFKA_HOME") as failure:
        distribution.class_path(tmp_path, {"PATH": ""})
    assert failure.value.reason == "maven_missing"


def test_a_failing_maven_is_told_with_its_first_error(tools: Path, tmp_path: Path) -> None:
    """Maven's own reason is passed on, and nothing is left in the cache."""
    cache = tmp_path / "cache"
    with pytest.raises(Fatal, match="the jar is nowhere") as failure:
        distribution.class_path(cache, install(tools, "mvn", FAILS))
    assert failure.value.reason == "kafka_unresolved"
    assert list(cache.iterdir()) == []


def test_the_cache_is_filled_once(tools: Path, tmp_path: Path) -> None:
    """Two starts at once both get the whole folder, and a later one asks Maven no more."""
    cache, log = tmp_path / "cache", tmp_path / "log"
    environ = install(tools, "mvn", FETCHES.format(log=log)) | {"XDG_CACHE_HOME": str(cache)}
    with ThreadPoolExecutor(2) as pool:
        found = set(pool.map(lambda _: distribution.class_path(environ=environ), range(2)))
    calls = log.read_text(encoding="utf-8")
    folder = cache / "newsworker" / f"kafka-{distribution.version()}"
    assert found == {str(folder / "*")}
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    assert (folder / "kafka_2.13-4.0.0.jar").is_file()
    distribution.class_path(environ=environ)
    assert log.read_text(encoding="utf-8") == calls


def test_an_installed_kafka_is_used_without_maven(tmp_path: Path) -> None:
    """`KAFKA_HOME` gives the class path."""
    (tmp_path / "libs").mkdir()
    (tmp_path / "libs" / "kafka_2.13-4.1.0.jar").touch()
    assert distribution.class_path(environ={"KAFKA_HOME": str(tmp_path)}) == str(tmp_path / "libs" / "*")


def test_a_wrong_kafka_home_is_refused(tmp_path: Path) -> None:
    """A `KAFKA_HOME` without Kafka 4 is an error that names the folder."""
    with pytest.raises(Fatal, match="KAFKA_HOME=") as failure:
        distribution.class_path(environ={"KAFKA_HOME": str(tmp_path)})
    assert failure.value.reason == "kafka_home_invalid"


def test_the_pom_names_no_address() -> None:
    """Where the jars come from is the machine's affair: the pom has no address but its schema's name."""
    lines = (distribution.files() / "pom.xml").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "://" in line] == ['<project xmlns="http://maven.apache.org/POM/4.0.0">']
    assert distribution.version().startswith("4.")
