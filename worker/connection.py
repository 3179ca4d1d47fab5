"""The options of the connection to the brokers: where they are, how they are spoken to, and as whom.

In: the same sources as all settings (`worker.settings`, whose first fields these are). Out: values; which of them
belong together is judged by `worker.security`. Secrets are files and never values: what is mounted stands in no
environment, in no list of processes and in no line of `newsworker config`.
"""

import re
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import BaseSettings

Protocol = Literal["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"]

_SERVER = re.compile(r"(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>\d{1,5})")
LAST_PORT = 65_535


def or_none(value: object) -> object:
    """Take what is empty for what is not set: templates of deployments leave such variables."""
    return None if value == "" else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _upper_or_none(value: object) -> object:
    return or_none(value.upper() if isinstance(value, str) else value)


def _check_servers(servers: str) -> str:
    for server in servers.split(","):
        found = _SERVER.fullmatch(server.strip())
        if not found or not 0 < int(found["port"]) <= LAST_PORT:
            raise ValueError("every server is host:port, with commas between them")
    return servers


T = TypeVar("T")

Unset = Annotated[T | None, BeforeValidator(or_none)]
"""What is not set where its variable is empty."""


class Connection(BaseSettings):
    """What is set of the connection to the brokers."""

    broker: Annotated[
        str, AfterValidator(_check_servers), Field(description="Bootstrap servers, host:port, comma-separated.")
    ] = "127.0.0.1:9092"
    security_protocol: Annotated[
        Protocol,
        BeforeValidator(_lower),
        Field(description="How brokers are spoken to: plaintext, ssl, sasl_plaintext or sasl_ssl."),
    ] = "plaintext"
    tls_ca_file: Annotated[
        Unset[Path], Field(description="PEM file of the authorities that brokers are trusted by; else the system's.")
    ] = None
    tls_certificate_file: Annotated[
        Unset[Path], Field(description="PEM file of this client's certificate, where brokers ask for one.")
    ] = None
    tls_key_file: Annotated[
        Unset[Path], Field(description="PEM file of its key; else the key is in the certificate's file.")
    ] = None
    tls_key_password_file: Annotated[Unset[Path], Field(description="File of the key's password, if it has one.")] = (
        None
    )
    tls_check_hostname: Annotated[
        bool, Field(description="Refuse a broker whose certificate does not name its address.")
    ] = True
    sasl_mechanism: Annotated[
        Mechanism | None,
        BeforeValidator(_upper_or_none),
        Field(description="PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER."),
    ] = None
    sasl_username: Annotated[Unset[str], Field(description="User, for PLAIN and SCRAM.")] = None
    sasl_password_file: Annotated[Unset[Path], Field(description="File of the password, for PLAIN and SCRAM.")] = None
    sasl_token_file: Annotated[
        Unset[Path], Field(description="File of the token, for OAUTHBEARER; whoever mounts it renews it.")
    ] = None
    client_id: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9._-]{1,100}$",
            description="Name in the brokers' logs, metrics and quotas; a half adds its role.",
        ),
    ] = "newsworker"
    rack: Annotated[
        Unset[str],
        Field(description="Where this worker runs (`broker.rack` of brokers nearby): it reads from replicas there."),
    ] = None

    @property
    def is_encrypted(self) -> bool:
        """Whether the connection is TLS."""
        return self.security_protocol in {"ssl", "sasl_ssl"}

    @property
    def is_authenticated(self) -> bool:
        """Whether the client says who it is by SASL."""
        return self.security_protocol in {"sasl_plaintext", "sasl_ssl"}
