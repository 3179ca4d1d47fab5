"""Certificates that a test makes for itself with `openssl`: an authority, and what it signs."""

import ssl
import subprocess
from pathlib import Path

from ops.installed import program

DAYS = "2"
SECONDS = 60.0
CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")


class Authority:
    """A certificate authority of one test module."""

    def __init__(self, folder: Path, name: str = "newsworker tests") -> None:
        """Make its key and its certificate."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate = folder / "ca.pem"
        self._key = folder / "ca.key"
        _openssl(
            "req", "-x509", *CURVE, "-nodes", "-days", DAYS, "-subj", f"/CN={name}", "-out", self.certificate,
            "-keyout", self._key, "-addext", "basicConstraints=critical,CA:TRUE",
            "-addext", "keyUsage=critical,keyCertSign",
        )  # fmt: skip

    def sign(self, name: str, *addresses: str, password: str = "") -> tuple[Path, Path]:
        """Return the files of a new certificate for `name`, in the place of any earlier one, and of its key.

        `addresses` are as OpenSSL writes them: `IP:127.0.0.1`, `DNS:localhost`. With a password the key is encrypted.
        """
        certificate, key, request = (self._folder / f"{name}.{kind}" for kind in ("pem", "key", "csr"))
        secrecy = ("-passout", f"pass:{password}") if password else ("-nodes",)
        _openssl("req", "-new", *CURVE, *secrecy, "-subj", f"/CN={name}", "-out", request, "-keyout", key)
        extensions = self._folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={','.join(addresses)}\n" if addresses else "keyUsage=digitalSignature\n")
        _openssl(
            "x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key, "-CAcreateserial",
            "-days", DAYS, "-extfile", extensions, "-out", certificate,
        )  # fmt: skip
        return certificate, key


def serial(certificate: Path) -> str:
    """Return a certificate's number."""
    return _openssl("x509", "-in", certificate, "-noout", "-serial").strip().removeprefix("serial=")


def presented(address: str) -> str:
    """Return the number of the certificate that a server shows."""
    host, _, port = address.rpartition(":")
    shown = ssl.get_server_certificate((host, int(port)), timeout=SECONDS)
    return _openssl("x509", "-noout", "-serial", text=shown).strip().removeprefix("serial=")


def require_openssl() -> None:
    """Skip where there is no `openssl`; in CI that is a failure."""
    program("openssl", "openssl")


def _openssl(*arguments: str | Path, text: str = "") -> str:
    command = ["openssl", *map(str, arguments)]
    answer = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout
