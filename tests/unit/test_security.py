"""What the settings of the connection become, and what is said of those that are wrong."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import conn
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    KafkaConnectionError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
    UnsupportedSaslMechanismError,
)
from certificates import Authority, require_openssl
from command import newsworker

from worker import handshake, security
from worker.app import credentials
from worker.demo import PLAIN
from worker.errors import Fatal
from worker.handshake import denial, explain
from worker.settings import ENV_PREFIX, Settings, load

SECRET = "hunter2"


@pytest.fixture
def password(tmp_path: Path) -> Path:
    """A mounted password, with the newline that an editor leaves."""
    path = tmp_path / "password"
    path.write_text(f"{SECRET}\n")
    return path


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """An authority of this test's own."""
    require_openssl()
    return Authority(tmp_path / "certificates")


@pytest.fixture(autouse=True)
def _aiokafkas_own_connections() -> Iterator[None]:
    """What is changed for a process is changed back."""
    yield
    conn.AIOKafkaConnection = handshake.Connection.__base__
    handshake.trouble.words = ""


def scram(password: Path, **more: Any) -> Settings:
    """Settings of a user by SCRAM, in the clear unless `more` says otherwise."""
    named = {"security_protocol": "sasl_plaintext", "sasl_mechanism": "SCRAM-SHA-512", "sasl_username": "worker"}
    return Settings(**{**named, "sasl_password_file": password, **more})


def refusal(settings: Settings) -> str:
    """What is said of settings that are wrong."""
    with pytest.raises(Fatal) as caught:
        security.check(settings)
    assert caught.value.reason == "bad_settings"
    return str(caught.value)


def test_in_the_clear_nothing_is_changed() -> None:
    """By default aiokafka's own connections are used, and librdkafka is told a name and nothing else."""
    settings = Settings()
    security.check(settings)
    assert security.clients(settings) == {"client_id": "newsworker"}
    assert security.consumers(settings) == {"client_id": "newsworker", "client_rack": None}
    assert security.librdkafka(settings) == {"client.id": "newsworker"}
    assert credentials.of(settings) is None
    assert conn.AIOKafkaConnection is not handshake.Connection


def test_the_demo_is_in_the_clear_whatever_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its broker speaks nothing else, and the settings of a cluster may be in the environment."""
    monkeypatch.setenv("NEWSWORKER_SECURITY_PROTOCOL", "sasl_ssl")
    monkeypatch.setenv("NEWSWORKER_SASL_MECHANISM", "PLAIN")
    security.check(Settings(**PLAIN))
    assert security.clients(Settings(**PLAIN)) == {"client_id": "newsworker"}


def test_a_half_has_a_name_of_its_own() -> None:
    """So that the brokers' logs and quotas tell them apart."""
    assert security.clients(Settings(client_id="desk"), "split") == {"client_id": "desk-split"}


@pytest.mark.parametrize(
    ("given", "variable"),
    [
        ({"security_protocol": "sasl_ssl"}, "SASL_MECHANISM"),
        ({"security_protocol": "sasl_ssl", "sasl_mechanism": "PLAIN"}, "SASL_USERNAME"),
        ({"security_protocol": "sasl_ssl", "sasl_mechanism": "PLAIN", "sasl_username": "x"}, "SASL_PASSWORD_FILE"),
        ({"security_protocol": "sasl_plaintext", "sasl_mechanism": "OAUTHBEARER"}, "SASL_TOKEN_FILE"),
        ({"security_protocol": "ssl", "tls_key_file": "key"}, "TLS_CERTIFICATE_FILE"),
        ({"security_protocol": "ssl", "sasl_username": "x"}, "SASL_USERNAME"),
        ({"security_protocol": "ssl", "sasl_mechanism": "PLAIN"}, "SASL_MECHANISM"),
        ({"sasl_password_file": "password"}, "SASL_PASSWORD_FILE"),
        ({"tls_ca_file": "ca"}, "TLS_CA_FILE"),
        ({"security_protocol": "sasl_plaintext", "sasl_mechanism": "PLAIN", "tls_ca_file": "ca"}, "TLS_CA_FILE"),
        (
            {"security_protocol": "sasl_ssl", "sasl_mechanism": "OAUTHBEARER", "sasl_password_file": "x"},
            "SASL_PASSWORD_FILE",
        ),
    ],
)
def test_settings_that_do_not_fit_together_are_named(given: dict[str, Any], variable: str) -> None:
    """What is missing, and what would silently have no effect."""
    assert f"{ENV_PREFIX}{variable}: " in refusal(Settings(**given))


def test_a_name_may_be_written_as_kafka_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """In capitals or not, protocol and mechanism are known; other words are refused and the variable is named."""
    monkeypatch.setenv("NEWSWORKER_SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("NEWSWORKER_SASL_MECHANISM", "scram-sha-256")
    assert (load().security_protocol, load().sasl_mechanism) == ("sasl_ssl", "SCRAM-SHA-256")
    monkeypatch.setenv("NEWSWORKER_SASL_MECHANISM", "GSSAPI")
    with pytest.raises(Fatal, match="NEWSWORKER_SASL_MECHANISM"):
        load()


@pytest.mark.parametrize("content", [None, "", " \n", b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named_by_its_variable(content: bytes | str | None, tmp_path: Path) -> None:
    """Missing, empty or no text: never by its path, which may be a secret that stands in the wrong variable."""
    path = tmp_path / SECRET
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    told = refusal(scram(path))
    assert told.startswith("NEWSWORKER_SASL_PASSWORD_FILE: ")
    assert SECRET not in told


@pytest.mark.parametrize("token", ["two words", "a\x01b", "ä"])
def test_what_is_no_token_is_refused(token: str, tmp_path: Path) -> None:
    """It would break the exchange, or say something else in it."""
    (tmp_path / "token").write_text(token)
    settings = Settings(
        security_protocol="sasl_plaintext", sasl_mechanism="OAUTHBEARER", sasl_token_file=tmp_path / "token"
    )
    assert refusal(settings) == "NEWSWORKER_SASL_TOKEN_FILE: is no token"


def test_certificates_that_cannot_be_used_are_named(authority: Authority, tmp_path: Path) -> None:
    """No certificate, another key's, and a key whose password is wrong or missing: nobody is asked on a terminal."""
    certificate, key = authority.sign("client", password=SECRET)
    _, other = authority.sign("other")
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong")
    tls = {"security_protocol": "ssl", "tls_ca_file": authority.certificate, "tls_certificate_file": certificate}
    assert refusal(Settings(**{**tls, "tls_ca_file": wrong})).startswith("NEWSWORKER_TLS_CA_FILE: ")
    assert refusal(Settings(**tls)).startswith("NEWSWORKER_TLS_CERTIFICATE_FILE: ")
    for more in ({"tls_key_file": other}, {"tls_key_file": key}, {"tls_key_file": key, "tls_key_password_file": wrong}):
        assert refusal(Settings(**tls, **more)).startswith("NEWSWORKER_TLS_KEY_FILE: ")
    wrong.write_text(f"{SECRET}\n")
    security.check(Settings(**tls, tls_key_file=key, tls_key_password_file=wrong))


def test_an_authoritys_file_may_say_something_in_any_language(authority: Authority) -> None:
    """Bundles have comments."""
    commented = authority.certificate.with_name("commented.pem")
    commented.write_text("# Autorité\n" + authority.certificate.read_text("utf-8"), encoding="utf-8")
    security.check(Settings(security_protocol="ssl", tls_ca_file=commented))


def test_an_error_that_is_its_own_cause_is_looked_at_once() -> None:
    """Python lets it be."""
    error = OSError()
    error.__cause__ = error
    assert explain(error) == ""


def test_whoever_names_an_authority_trusts_no_other(authority: Authority) -> None:
    """One certificate is loaded, addresses are checked unless that is switched off, and old TLS is refused."""
    settings = Settings(security_protocol="ssl", tls_ca_file=authority.certificate)
    context = security.Files(settings).context()
    assert len(context.get_ca_certs()) == 1
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    lenient = security.Files(settings.model_copy(update={"tls_check_hostname": False})).context()
    assert (lenient.verify_mode, lenient.check_hostname) == (ssl.CERT_REQUIRED, False)


def test_librdkafka_is_told_the_same(authority: Authority, password: Path) -> None:
    """Files by their path, the password as it is now; a key may stand in its certificate's file."""
    certificate, _ = authority.sign("client")
    settings = scram(
        password,
        security_protocol="sasl_ssl",
        tls_ca_file=authority.certificate,
        tls_certificate_file=certificate,
        tls_check_hostname=False,
    )
    assert security.librdkafka(settings) == {
        "client.id": "newsworker",
        "security.protocol": "sasl_ssl",
        "ssl.endpoint.identification.algorithm": "none",
        "ssl.ca.location": str(authority.certificate),
        "ssl.certificate.location": str(certificate),
        "ssl.key.location": str(certificate),
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "worker",
        "sasl.password": SECRET,
    }
    password.unlink()
    with pytest.raises(Fatal, match="NEWSWORKER_SASL_PASSWORD_FILE"):
        security.librdkafka(settings)


def test_a_password_is_read_for_each_connection(password: Path) -> None:
    """The first, the second, and none while there is no file, which is said; nobody has to answer for that."""
    arguments = security.clients(scram(password))
    assert [attempt(arguments, password, content) for content in (SECRET, "another")] == [SECRET, "another"]
    assert handshake.trouble.words == ""
    attempt(arguments, password, None)
    assert handshake.trouble.words == "NEWSWORKER_SASL_PASSWORD_FILE: cannot be read: No such file or directory"


def attempt(arguments: dict[str, Any], path: Path, content: str | None) -> object:
    """Try to connect where nobody listens, with a file that holds this; return the password that was to be given."""

    async def connect() -> object:
        connection = handshake.Connection("127.0.0.1", 1, **arguments)
        with suppress(OSError):
            await connection.connect()
        return connection._sasl_plain_password

    if content is None:
        path.unlink()
    else:
        path.write_text(f"{content}\n")
    return asyncio.run(connect())


def test_no_setting_shows_a_secret(password: Path, tmp_path: Path) -> None:
    """`newsworker config` names the files, and a command that ends because of them says nothing of what they hold."""
    variables = {
        "NEWSWORKER_SECURITY_PROTOCOL": "sasl_plaintext",
        "NEWSWORKER_SASL_MECHANISM": "PLAIN",
        "NEWSWORKER_SASL_USERNAME": "worker",
        "NEWSWORKER_SASL_PASSWORD_FILE": str(password),
        "NEWSWORKER_BROKER": "127.0.0.1:1",
    }
    shown = newsworker("config", **variables)
    assert f"NEWSWORKER_SASL_PASSWORD_FILE={password}" in shown.stdout
    refused = newsworker("dlq", "list", **variables)
    missing = newsworker("run", **{**variables, "NEWSWORKER_SASL_PASSWORD_FILE": str(tmp_path / "missing")})
    assert (refused.returncode, missing.returncode) == (1, 2)
    assert "NEWSWORKER_SASL_PASSWORD_FILE: cannot be read" in missing.stderr
    assert all(SECRET not in one.stdout + one.stderr for one in (shown, refused, missing))


def test_why_a_connection_failed_is_said_in_words() -> None:
    """The broker's own, where it has any; nothing where nobody answered."""
    hidden = KafkaConnectionError("closed")
    hidden.__cause__ = SaslAuthenticationFailed("invalid credentials")
    assert explain(hidden) == "authentication is refused: invalid credentials"
    odd = UnsupportedSaslMechanismError(SimpleNamespace())
    assert explain(odd) == "authentication is refused: UnsupportedSaslMechanismError"
    assert "closes the connection" in explain(ConnectionResetError())
    assert explain(ConnectionRefusedError()) == ""


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (TopicAuthorizationFailedError("news.raw.v1"), "the topic news.raw.v1"),
        (TopicAuthorizationFailedError({"b", "a"}), "the topic a b"),
        (TransactionalIdAuthorizationFailed("an-id"), "the transactional id an-id"),
        (ClusterAuthorizationFailedError(), "writing at all"),
    ],
)
def test_what_is_forbidden_is_named(error: Exception, what: str) -> None:
    """As an error that ends the process, and only where a list of rights is the cause."""
    wrapped = KafkaConnectionError()
    wrapped.__cause__ = error
    told = denial(wrapped, "app")
    assert told is not None
    assert (told.reason, str(told)) == ("not_authorized", f"the brokers' ACLs deny this user {what}")
    assert denial(KafkaConnectionError(), "app") is None
