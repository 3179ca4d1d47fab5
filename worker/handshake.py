"""How aiokafka's connections are made where they are secured: with what the files hold now, and saying why not.

In: the settings, from `worker.security`. Out: arguments for aiokafka's clients; and in words, why the latest connection
was refused, and what the brokers' lists of rights forbid. aiokafka takes a password once for all connections, tells no
caller why it could not connect, and takes the refusal of a token for its acceptance.
"""

import ssl
import time
from collections.abc import Iterator
from typing import Any

from aiokafka import conn
from aiokafka.abc import AbstractTokenProvider
from aiokafka.errors import (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    IllegalSaslStateError,
    KafkaError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
    UnsupportedSaslMechanismError,
)

from worker.errors import Fatal, Transient
from worker.security import Files, Unreadable
from worker.settings import Settings

REFUSALS = (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    IllegalSaslStateError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)

DENIALS = {
    TopicAuthorizationFailedError: "the topic",
    GroupAuthorizationFailedError: "the group",
    TransactionalIdAuthorizationFailed: "the transactional id",
    ClusterAuthorizationFailedError: "writing at all",
}
"""What a list of rights (ACL) can forbid, by aiokafka's errors."""

ERROR_TAKEN = b"\x01"
"""A client's answer to the refusal of its token (RFC 7628, 3.2.3): only then the broker says why."""


class Trouble:
    """Why the latest attempt to connect failed, in words; nothing after one that did not, or where nobody answered."""

    def __init__(self) -> None:
        self._words, self._since = "", 0.0

    @property
    def words(self) -> str:
        """Why, as far as it is known."""
        return self._words

    @words.setter
    def words(self, words: str) -> None:
        self._words, self._since = words, time.monotonic()

    def lately(self, seconds: float) -> str:
        """Return why, where that was within so many seconds: a client that has what it needs does not ask again."""
        return self._words if time.monotonic() - self._since < seconds else ""


trouble = Trouble()
"""This process's: it speaks to one cluster."""


def arguments(settings: Settings) -> dict[str, Any]:
    """Return what an aiokafka client needs to speak to secured brokers."""
    conn.AIOKafkaConnection = Connection
    found: dict[str, Any] = {"security_protocol": settings.security_protocol.upper()}
    files = Files(settings)
    if settings.is_encrypted:
        found["ssl_context"] = files
    if settings.sasl_mechanism == "OAUTHBEARER":
        found |= {"sasl_mechanism": settings.sasl_mechanism, "sasl_oauth_token_provider": Token(files)}
    elif settings.is_authenticated:
        found |= {"sasl_mechanism": settings.sasl_mechanism, "sasl_plain_username": settings.sasl_username}
        found["sasl_plain_password"] = files
    return found


class Token(AbstractTokenProvider):  # type: ignore[misc]
    """The token that is in its file when a connection is made."""

    def __init__(self, files: Files) -> None:
        """Read it when asked."""
        self._files = files

    async def token(self) -> str:
        """Return the token."""
        return self._files.token()


class Connection(conn.AIOKafkaConnection):  # type: ignore[misc]
    """A connection that reads its files when it is made."""

    _ssl_context: Any
    _sasl_plain_password: Any

    async def connect(self) -> Any:  # noqa: ANN401 - aiokafka's
        """Connect; what fails is remembered in words."""
        try:
            self._read_files()
            connected = await super().connect()
        except (OSError, KafkaError) as error:
            trouble.words = explain(error)
            raise
        except (AssertionError, KeyError, ValueError) as error:
            # An answer that proves nothing, as of a broker that does not know the password: aiokafka's tasks die of it.
            trouble.words = "the broker does not prove that it knows this user"
            raise AuthenticationFailedError(trouble.words) from error
        trouble.words = ""
        return connected

    def _read_files(self) -> None:
        if isinstance(self._ssl_context, Files):
            self._ssl_context = self._ssl_context.context()
        if isinstance(self._sasl_plain_password, Files):
            self._sasl_plain_password = self._sasl_plain_password.password()

    def authenticator_oauth(self) -> "_OAuthAuthenticator":
        """Return the client's part of the exchange about a token."""
        return _OAuthAuthenticator(sasl_oauth_token_provider=self._sasl_oauth_token_provider)


class _OAuthAuthenticator(conn.OAuthAuthenticator):  # type: ignore[misc]
    async def step(self, payload: bytes | None) -> tuple[bytes, bool] | None:
        if self._token_sent and payload:
            return ERROR_TAKEN, True
        step: tuple[bytes, bool] | None = await super().step(payload)
        return step


def explain(error: BaseException) -> str:
    """Return why a connection was refused; nothing where nobody answered."""
    return next(filter(None, map(_explain, _causes(error))), "")


def _explain(error: BaseException) -> str:
    if isinstance(error, Unreadable):
        return str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the broker's certificate is refused: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS fails: {error.reason or type(error).__name__}"
    if isinstance(error, REFUSALS):
        # aiokafka gives the broker's own words, or an object of its own.
        words = next((word for word in error.args if isinstance(word, str)), type(error).__name__)
        return f"authentication is refused: {words}"
    if isinstance(error, ConnectionResetError | ConnectionAbortedError | EOFError):
        return "the broker closes the connection: is this its port for this security_protocol?"
    return ""


def unreachable(settings: Settings, stage: str) -> Transient:
    """Return the failure of a command that got no connection."""
    if trouble.words:
        return Transient("broker_refuses", stage, f"{settings.broker}: {trouble.words}")
    message = f"no broker answers at {settings.broker}; start one or name another with --broker"
    return Transient("broker_unreachable", stage, message)


def denial(error: BaseException | None, stage: str) -> Fatal | None:
    """Return what the process ends with where the brokers' lists of rights forbid what it cannot do without."""
    for cause in _causes(error):
        what = DENIALS.get(type(cause))
        if what is not None:
            return Fatal("not_authorized", stage, f"the brokers' ACLs deny this user {what} {denied(cause)}".rstrip())
    return None


def denied(error: BaseException) -> str:
    """Return the names of what an error says is forbidden; nothing where it does not say that."""
    return " ".join(sorted(_names(error.args))) if type(error) in DENIALS else ""


def _names(args: tuple[object, ...]) -> Iterator[str]:
    # aiokafka gives one name or a set of them.
    for arg in args:
        yield from [arg] if isinstance(arg, str) else map(str, arg) if isinstance(arg, set) else ()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
