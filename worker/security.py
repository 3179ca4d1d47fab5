"""How the brokers are spoken to: encrypted or not, and by which proof of who we are.

In: the settings, and the files they name. Out: what aiokafka's clients and librdkafka's are given. A file is read when
a connection is made and never kept, so what is rotated needs no restart. What is said of a file names its variable, and
nothing of what it holds.
"""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worker.errors import Fatal
from worker.settings import ENV_PREFIX, Settings

STAGE = "start"

TLS = ("tls_ca_file", "tls_certificate_file", "tls_key_file", "tls_key_password_file")
PASSWORD = ("sasl_username", "sasl_password_file")
TOKEN = ("sasl_token_file",)
SASL = ("sasl_mechanism", *PASSWORD, *TOKEN)

TOKEN_SECONDS = 3600.0
"""How long librdkafka takes a token for valid: longer than any command that uses it runs. The broker knows better."""


class Unreadable(OSError):  # noqa: N818 - the kind of failure is the name
    """A file that a setting names cannot be used; the text names the variable. For the clients, a failed connection."""


def clients(settings: Settings, role: str | None = None) -> dict[str, Any]:
    """Return the arguments that any client of aiokafka is given besides its own."""
    named = {"client_id": f"{settings.client_id}-{role}" if role else settings.client_id}
    if settings.security_protocol == "plaintext":
        return named
    from worker import handshake  # noqa: PLC0415 - whoever connects in the clear does without

    return {**named, **handshake.arguments(settings)}


def consumers(settings: Settings) -> dict[str, Any]:
    """Return the arguments that a consumer of aiokafka is given besides its own."""
    return {**clients(settings), "client_rack": settings.rack}


def librdkafka(settings: Settings) -> dict[str, Any]:
    """Return the configuration of a client of librdkafka that lives for one command.

    Raises:
        Fatal: `bad_settings`, naming the variable of a file that cannot be read.
    """
    try:
        return dict(_librdkafka(settings))
    except Unreadable as error:
        raise Fatal("bad_settings", STAGE, str(error)) from error


def _librdkafka(settings: Settings) -> Iterator[tuple[str, Any]]:
    files = Files(settings)
    yield "client.id", settings.client_id
    if settings.security_protocol != "plaintext":
        yield "security.protocol", settings.security_protocol
    if settings.is_encrypted:
        yield "ssl.endpoint.identification.algorithm", "https" if settings.tls_check_hostname else "none"
        yield from ((name, str(path)) for name, path in _tls_paths(settings) if path)
    if settings.tls_key_password_file:
        yield "ssl.key.password", files.key_password()
    if settings.is_authenticated:
        yield "sasl.mechanism", settings.sasl_mechanism
    if settings.sasl_password_file:
        yield from (("sasl.username", settings.sasl_username), ("sasl.password", files.password()))
    if settings.sasl_token_file:
        files.token()
        yield "oauth_cb", lambda _config: (files.token(), time.time() + TOKEN_SECONDS)


def _tls_paths(settings: Settings) -> Iterator[tuple[str, object]]:
    yield "ssl.ca.location", settings.tls_ca_file
    yield "ssl.certificate.location", settings.tls_certificate_file
    yield "ssl.key.location", settings.tls_key_file or settings.tls_certificate_file


@dataclass(frozen=True, slots=True)
class Files:
    """The files that the settings name, each read when it is asked for. All raise `Unreadable`."""

    settings: Settings

    def password(self) -> str:
        """Return the password, without the newline at its end."""
        return self._read("sasl_password_file").rstrip("\r\n")

    def token(self) -> str:
        """Return the token, without white space around it."""
        token = self._read("sasl_token_file").strip()
        if not token.isascii() or not token.isprintable() or " " in token:
            raise Unreadable(f"{_variable('sasl_token_file')}: is no token")
        return token

    def key_password(self) -> str:
        """Return the key's password, or nothing where there is none: else OpenSSL would ask the terminal."""
        return self._read("tls_key_password_file").rstrip("\r\n") if self.settings.tls_key_password_file else ""

    def context(self) -> ssl.SSLContext:
        """Return what a TLS connection is made with."""
        # Not `create_default_context`, which from Python 3.13 on refuses authorities that Kafka's own clients take.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = self.settings.tls_check_hostname
        self._load_authorities(context)
        if self.settings.tls_certificate_file:
            self._load_certificate(context, self.settings.tls_certificate_file)
        return context

    def _load_authorities(self, context: ssl.SSLContext) -> None:
        if self.settings.tls_ca_file:
            # Whoever names an authority trusts no other.
            with _naming("tls_ca_file"):
                self._read("tls_ca_file")  # for what is wrong with the file itself
                context.load_verify_locations(cafile=self.settings.tls_ca_file)
        else:
            context.load_default_certs()

    def _load_certificate(self, context: ssl.SSLContext, certificate: Path) -> None:
        name = "tls_key_file" if self.settings.tls_key_file else "tls_certificate_file"
        self._read("tls_certificate_file")
        self._read(name)
        password = self.key_password()
        with _naming(name):
            context.load_cert_chain(certificate, self.settings.tls_key_file, lambda: password)

    def _read(self, name: str) -> str:
        path: Path = getattr(self.settings, name)
        try:
            text = path.read_text("utf-8")
        except OSError as error:
            raise Unreadable(f"{_variable(name)}: cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise Unreadable(f"{_variable(name)}: is not text") from None
        if not text.strip():
            raise Unreadable(f"{_variable(name)}: is empty")
        return text


def check(settings: Settings) -> None:
    """See, before anything is begun, that the settings of the connection fit together and their files can be used.

    Raises:
        Fatal: `bad_settings`, naming the variables.
    """
    problems = list(_misfits(settings)) or list(_unusable(settings))
    if problems:
        raise Fatal("bad_settings", STAGE, "; ".join(problems))


def _misfits(settings: Settings) -> Iterator[str]:
    needed, allowed = _needed(settings), _allowed(settings)
    circumstances = " ".join(filter(None, (settings.security_protocol, settings.sasl_mechanism)))
    for name in (*TLS, *SASL):
        is_set = getattr(settings, name) is not None
        if is_set and name not in allowed:
            yield f"{_variable(name)}: has no use with {circumstances}"
        if not is_set and name in needed:
            yield f"{_variable(name)}: is needed with {circumstances}"


def _needed(settings: Settings) -> set[str]:
    needed = {"sasl_mechanism"} if settings.is_authenticated else set()
    if settings.is_authenticated and settings.sasl_mechanism:
        needed.update(TOKEN if settings.sasl_mechanism == "OAUTHBEARER" else PASSWORD)
    if settings.is_encrypted and (settings.tls_key_file or settings.tls_key_password_file):
        needed.add("tls_certificate_file")
    return needed


def _allowed(settings: Settings) -> set[str]:
    allowed = _needed(settings) | set(TLS if settings.is_encrypted else ())
    is_undecided = settings.is_authenticated and not settings.sasl_mechanism
    return allowed | set(SASL if is_undecided else ())


def _unusable(settings: Settings) -> Iterator[str]:
    files = Files(settings)
    uses: list[Callable[[], object]] = [
        *([files.context] if settings.is_encrypted else ()),
        *([files.password] if settings.sasl_password_file else ()),
        *([files.token] if settings.sasl_token_file else ()),
    ]
    for use in uses:
        try:
            use()
        except Unreadable as error:
            yield str(error)


@contextmanager
def _naming(name: str) -> Iterator[None]:
    """Turn OpenSSL's words into some that name the variable."""
    try:
        yield
    except (ssl.SSLError, ValueError) as error:
        reason = getattr(error, "reason", None) or "not what it should be"
        raise Unreadable(f"{_variable(name)}: cannot be used: {reason}") from None


def _variable(name: str) -> str:
    return f"{ENV_PREFIX}{name.upper()}"
