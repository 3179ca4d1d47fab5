"""Containers for the tests: a real engine (podman), whose store and running state are in a folder of their own.

In: a folder, which has to have a short name, as sockets are in it. Out: images that are built, containers that run.
`close` ends every container and leaves nothing mounted.
"""

import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ops.installed import program

BUILD_SECONDS = 480.0
START_SECONDS = 60.0

HARDENED = (
    "--read-only",
    "--read-only-tmpfs=false",
    "--tmpfs=/tmp",
    "--cap-drop=all",
    "--security-opt=no-new-privileges",
)
"""A root that cannot be written, no capability, none to be had, and the one folder for temporary files."""

HERE = ("--network=host", "--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096")
"""On the host's network; an engine raises limits to some of its own, which not every root may."""


class Engine:
    """An engine that shares neither images nor containers with any other."""

    def __init__(self, folder: Path) -> None:
        """Keep everything in `folder`."""
        self._environment = {**os.environ, "TMPDIR": str(folder)}
        program("runc", "runc")
        self._command = [
            *(
                program("podman", "podman"),
                "--root",
                f"{folder}/store",
                "--runroot",
                f"{folder}/run",
                "--tmpdir",
                f"{folder}/tmp",
            ),
            *("--runtime", "runc", "--cgroup-manager", "cgroupfs", "--events-backend", "file", "--log-level", "fatal"),
        ]

    def call(self, *arguments: str, seconds: float = START_SECONDS, check: bool = True) -> tuple[int, str]:
        """Return the exit code of a command and what it has printed, errors after the output.

        Raises:
            AssertionError: it failed, and `check` is set.
        """
        done = subprocess.run(
            [*self._command, *arguments],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert not check or done.returncode == 0, f"{arguments}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
        return done.returncode, done.stdout + done.stderr

    def build(self, context: Path, *options: str, dockerfile: Path) -> None:
        """Build an image from what the engine has, pulling nothing; it may reach the package index."""
        how = ("--isolation=chroot", "--network=host", "--format=docker", "--pull=never", "--layers=false")
        self.call("build", *how, f"--file={dockerfile}", *options, str(context), seconds=BUILD_SECONDS)

    def run(self, image: str, *options: str, command: Iterable[str] = (), check: bool = True) -> tuple[int, str]:
        """Run a container on the host's network to its end; return its exit code and what it has printed."""
        return self.call("run", "--rm", *HERE, *options, image, *command, check=check)

    def start(
        self, image: str, *options: str, environment: Mapping[str, str], command: Iterable[str] = ()
    ) -> "Container":
        """Start a container on the host's network; without a command by that of its image."""
        variables = [f"--env={name}={value}" for name, value in environment.items()]
        return Container(self, self.call("run", "--detach", *HERE, *options, *variables, image, *command)[1].split()[0])

    def inspect(self, image: str) -> Any:
        """Return what the engine knows of an image."""
        return json.loads(self.call("image", "inspect", image)[1])[0]

    def close(self) -> None:
        """End every container and unmount its root: the folder can then be removed."""
        self.call("rm", "--all", "--force", "--time=0", "--volumes", check=False)


class Container:
    """A container that was started."""

    def __init__(self, engine: Engine, name: str) -> None:
        """Name it by its id."""
        self._engine = engine
        self._name = name

    def exec(self, *command: str, check: bool = True) -> str:
        """Return what a command prints inside, run by the container's own user."""
        return self._engine.call("exec", self._name, *command, check=check)[1]

    def succeeds(self, *command: str) -> bool:
        """Tell whether a command inside exits with 0, which none does once the container has ended."""
        return self._engine.call("exec", self._name, *command, check=False)[0] == 0

    def is_running(self) -> bool:
        """Tell whether it has not ended."""
        return self._state("Running") == "true"

    def health(self) -> int:
        """Run the image's health check once; return 0 where it is well."""
        return self._engine.call("healthcheck", "run", self._name, check=False)[0]

    def stop(self, seconds: int) -> int:
        """Send the image's stop signal, kill it after `seconds`; return its exit code."""
        self._engine.call("stop", f"--time={seconds}", self._name, seconds=seconds + START_SECONDS)
        return int(self._state("ExitCode"))

    def log(self) -> list[str]:
        """Return the lines that it has written."""
        return self._engine.call("logs", self._name)[1].splitlines()

    def changes(self) -> set[str]:
        """Return the paths that were added, changed or deleted on its root filesystem since it was made."""
        return {line.split(maxsplit=1)[1] for line in self._engine.call("diff", self._name)[1].splitlines()}

    def _state(self, name: str) -> str:
        return self._engine.call("container", "inspect", f"--format={{{{.State.{name}}}}}", self._name)[1].strip()
