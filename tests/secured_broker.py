"""A real Apache Kafka as people run it: TLS, users, and rights, beside a plain listener for the tests' own clients.

`bootstrap` stays plain, and whoever comes that way may do everything. `secured` is SASL over TLS, `mutual` TLS that
asks for a client's certificate. Nobody who comes there may do anything before `allow`.
"""

import base64
import json
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

from certificates import Authority
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from worker.broker import KafkaBroker
from worker.broker.kafka import _free_ports

ANSWER_SECONDS = 60

REAUTHENTICATION_MS = 8_000
"""After so long a connection by SCRAM-SHA-256 has to prove itself anew, and is ended where it does not."""

MECHANISMS = {"SCRAM-SHA-256": ScramMechanism.SCRAM_SHA_256, "SCRAM-SHA-512": ScramMechanism.SCRAM_SHA_512}

LOGGING = """
status=error
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%p %m (%c)%n
rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
logger.requests.name=kafka.request.logger
logger.requests.level=debug
logger.requests.filter.fetches.type=RegexFilter
logger.requests.filter.fetches.regex=(?s).*"requestApiKeyName":"FETCH".*
"""
"""Warnings, and what is fetched by whom: the one place where a broker says what a client calls itself."""

Right = tuple[ResourceType, str, AclOperation]
"""On what, its name (with a star at the end: all that begin so), and which."""

EVERYTHING: tuple[Right, ...] = (
    (ResourceType.TOPIC, "*", AclOperation.ALL),
    (ResourceType.GROUP, "*", AclOperation.ALL),
    (ResourceType.TRANSACTIONAL_ID, "*", AclOperation.ALL),
    (ResourceType.BROKER, "kafka-cluster", AclOperation.ALL),
)

SETTLED_SECONDS = 0.5
"""The controller answers when it has written a right down; a broker heeds it a moment later."""

JAAS = "org.apache.kafka.common.security"

PROPERTIES = """
listeners=PLAINTEXT://127.0.0.1:{plain},SECURED://127.0.0.1:{secured},MUTUAL://127.0.0.1:{mutual},CONTROLLER://127.0.0.1:{controller}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SECURED:SASL_SSL,MUTUAL:SSL,CONTROLLER:PLAINTEXT
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
listener.name.secured.ssl.keystore.type=PEM
listener.name.secured.ssl.keystore.location={keystore}
listener.name.mutual.ssl.keystore.type=PEM
listener.name.mutual.ssl.keystore.location={keystore}
listener.name.mutual.ssl.truststore.type=PEM
listener.name.mutual.ssl.truststore.location={truststore}
listener.name.mutual.ssl.client.auth=required
listener.name.secured.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER
listener.name.secured.scram-sha-256.connections.max.reauth.ms={reauthentication}
listener.name.secured.scram-sha-256.sasl.jaas.config={jaas}.scram.ScramLoginModule required;
listener.name.secured.scram-sha-512.sasl.jaas.config={jaas}.scram.ScramLoginModule required;
listener.name.secured.plain.sasl.jaas.config={jaas}.plain.PlainLoginModule required user_plain="{password}";
listener.name.secured.oauthbearer.sasl.jaas.config={jaas}.oauthbearer.OAuthBearerLoginModule required \
unsecuredLoginStringClaim_sub="broker";
"""


class SecuredBroker(KafkaBroker):
    """One node with a plain listener, a secured one and one of mutual TLS."""

    def __init__(self, certificates: Path) -> None:
        """Prepare a node whose certificate names 127.0.0.1, and not `localhost`."""
        super().__init__()
        self.signer = Authority(certificates)
        self.keystore, self.clients = certificates / "keystore.pem", certificates / "clients.pem"
        self.clients.write_text(self.signer.certificate.read_text())
        self.plain_password = secrets.token_hex(8)
        ports = _free_ports()
        self.secured, self.mutual = (f"127.0.0.1:{next(ports)}" for _ in range(2))
        self.renew_certificate("IP:127.0.0.1")

    def renew_certificate(self, *addresses: str, authority: Authority | None = None) -> Path:
        """Give the node another certificate, which it has to read yet; return where it stands."""
        self.signer = authority or self.signer
        certificate, key = self.signer.sign("broker", *addresses)
        self.keystore.write_text(key.read_text() + certificate.read_text())
        return certificate

    def read_certificate(self) -> None:
        """Let the running node read its certificate anew."""
        for name in ("secured", "mutual"):
            self._alter(f"listener.name.{name}.ssl.keystore.location", str(self.keystore))

    def set_password(self, user: str, password: str) -> None:
        """Let a user come by SCRAM with this password and no other."""
        changes = [
            UserScramCredentialUpsertion(user, ScramCredentialInfo(mechanism, 4096), password.encode())
            for mechanism in MECHANISMS.values()
        ]
        client = self._client()
        for change in changes:
            for answer in client.alter_user_scram_credentials([change]).values():
                answer.result(ANSWER_SECONDS)

    def allow(self, user: str, *rights: Right) -> None:
        """Give a user rights; where none is named all."""
        self._create(AclPermissionType.ALLOW, user, rights or EVERYTHING)

    def deny(self, user: str, *rights: Right) -> None:
        """Forbid a user what it is allowed otherwise."""
        self._create(AclPermissionType.DENY, user, rights)

    def stop_denying(self, user: str, *rights: Right) -> None:
        """Forbid it no longer."""
        self._delete(AclPermissionType.DENY, user, rights)

    def stop_allowing(self, user: str, *rights: Right) -> None:
        """Take rights back that were given."""
        self._delete(AclPermissionType.ALLOW, user, rights)

    def _delete(self, permission: AclPermissionType, user: str, rights: Iterable[Right]) -> None:
        wanted = [AclBindingFilter(*_binding(permission, user, right)) for right in rights]
        client = self._client()  # has a name because its answers do not outlive it
        for answer in client.delete_acls(wanted).values():
            answer.result(ANSWER_SECONDS)
        time.sleep(SETTLED_SECONDS)

    def _create(self, permission: AclPermissionType, user: str, rights: Iterable[Right]) -> None:
        client = self._client()
        for answer in client.create_acls([AclBinding(*_binding(permission, user, right)) for right in rights]).values():
            answer.result(ANSWER_SECONDS)
        time.sleep(SETTLED_SECONDS)

    def _alter(self, name: str, value: str) -> None:
        entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ResourceType.BROKER, "1", incremental_configs=[entry])
        client = self._client()
        client.incremental_alter_configs([resource])[resource].result(ANSWER_SECONDS)

    def _command(self, main_class: str) -> list[str]:
        logging = self._folder / "log4j2.properties"
        logging.write_text(LOGGING, encoding="utf-8")
        java, *options = super()._command(main_class)
        # Of two the later one counts.
        place = options.index("-cp")
        return [java, *options[:place], f"-Dlog4j2.configurationFile={logging}", *options[place:]]

    def _client(self) -> AdminClient:
        return AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})

    def _write_properties(self) -> None:
        super()._write_properties()
        with self._properties.open("a", encoding="utf-8") as file:
            file.write(
                PROPERTIES.format(
                    plain=self._port,
                    controller=self._controller_port,
                    secured=self.secured.rpartition(":")[2],
                    mutual=self.mutual.rpartition(":")[2],
                    keystore=self.keystore,
                    truststore=self.clients,
                    reauthentication=REAUTHENTICATION_MS,
                    password=self.plain_password,
                    jaas=JAAS,
                )
            )


def unsecured_token(user: str, seconds: float = 3600) -> str:
    """Return a token that nobody has signed, which this node takes."""
    now = time.time()
    parts = {"alg": "none"}, {"sub": user, "iat": now, "exp": now + seconds}
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


def _binding(permission: AclPermissionType, user: str, right: Right) -> tuple[object, ...]:
    kind, name, operation = right
    pattern = ResourcePatternType.LITERAL
    if name.endswith("*") and name != "*":
        name, pattern = name.removesuffix("*"), ResourcePatternType.PREFIXED
    return kind, name, pattern, f"User:{user}", "*", operation, permission
