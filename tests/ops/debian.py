"""A base image made of Debian's own packages, for no registry of images is reached, and this machine's way to packages.

In: what apt, pip and the environment are configured with, read when it is asked for and written nowhere but into a
test's folder. Out: files that a build is given.
"""

import os
import re
import ssl
import subprocess
from pathlib import Path

from ops.installed import lacking, program

SUITE = "bookworm"
PACKAGES = "python3,python3-venv,libstdc++6,ca-certificates"
UNREAD = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*")
"""What Debian's slim images leave out too."""

CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
"""Where Debian keeps them."""

PIP_SETTING = re.compile(
    r"^(?:global|:env:)\.(?P<name>index-url|extra-index-url|trusted-host|proxy)='(?P<value>.*)'$", re.MULTILINE
)


def make_base(folder: Path) -> Path:
    """Make a Debian with Python and its venv, without a compiler and without apt; return the archive of its root."""
    archive, options = folder / "base.tar", folder / "apt.conf"
    options.write_text(_output("apt-config", "dump", "Acquire"))
    unread = [f"--dpkgopt=path-exclude={path}" for path in UNREAD]
    what = ["--quiet", "--variant=essential", f"--include={PACKAGES}", f"--aptopt={options}", *unread]
    command = [program("mmdebstrap", "mmdebstrap"), *what]
    subprocess.run([*command, SUITE, str(archive), _mirror()], env={**os.environ, "TMPDIR": str(folder)}, check=True)
    return archive


def reach_packages(folder: Path) -> list[str]:
    """Return the options by which a build reaches the package index as this machine does."""
    settings = {one["name"]: one["value"] for one in PIP_SETTING.finditer(_output("pip", "config", "list"))}
    pip, uv = folder / "pip.conf", folder / "uv.toml"
    pip.write_text("\n".join(["[global]", f"cert = {CERTIFICATES}", *(f"{n} = {v}" for n, v in settings.items())]))
    index = os.environ.get("UV_DEFAULT_INDEX", settings.get("index-url"))
    uv.write_text("system-certs = true\n" + (f'index-url = "{index}"\n' if index else ""))
    found = os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile
    trusted = [f"--volume={Path(found).resolve()}:{CERTIFICATES}:ro"] if found else []
    return [f"--secret=id=pip.conf,src={pip}", f"--secret=id=uv.toml,src={uv}", *trusted]


def _mirror() -> str:
    """Return the address that apt has for the suite."""
    targets = _output("apt-get", "indextargets", "--format=$(REPO_URI)", "Created-By: Packages", f"Codename: {SUITE}")
    if not targets:
        lacking(f"apt knows no mirror of Debian {SUITE}")
    return targets.split()[0]


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
