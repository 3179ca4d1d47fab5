"""Every option of the worker, read once from the environment and an optional TOML file.

In: variables ``NEWSWORKER_*`` and the file named by ``--config`` or ``NEWSWORKER_CONFIG``; a variable wins over the
file. Out: one frozen `Settings`, handed to whoever needs it; nothing else in the worker reads the environment.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from worker.connection import Connection, or_none
from worker.dedup.rules import HOUR_SECONDS, Rules
from worker.errors import Fatal

ENV_PREFIX = "NEWSWORKER_"
CONFIG_VARIABLE = "NEWSWORKER_CONFIG"

MIB = 1024 * 1024
DAY_SECONDS = 24 * 3600

Role = Literal["split", "dedupe"]
ROLES: tuple[Role, ...] = ("split", "dedupe")
Delivery = Literal["effectively_once", "exactly_once"]


STEPS = ("taken", "worked", "sent", "published", "stored", "counted", "finished")
"""The order of effects of a message, by the names of its fault points: it is taken; worked on; its records are all sent
(inside a transaction only); published, or their transaction committed; the local state stored (the dedupe half);
the outcome counted and logged; its offset handed over to be committed (where that was not done in the transaction)."""

FAULT_POINT = re.compile(
    rf"^(?P<role>{'|'.join(ROLES)}):(?P<step>{'|'.join(STEPS)})(?::(?P<time>[1-9]\d*)|=(?P<place>\d+/\d+))$"
)
"""A role, a step, and which time it comes there, or partition and offset of the message that it comes there with."""


@dataclass(frozen=True, slots=True)
class Topics:
    """The names of all topics, as prefix and version make them."""

    raw: str
    story: str
    headline: str
    copy: str
    mention: str
    page: str
    deadletter: str
    sighting: str
    retraction: str
    ninjs: str
    schemaorg: str


EXPORTS = ("ninjs", "schemaorg")
"""Stories in other people's terms; the topic of each is named below that of the stories."""


class Settings(Connection):
    """The options in force. Each is set by ``NEWSWORKER_<NAME>`` or by its name in the TOML file."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True)

    group: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9._-]{1,200}$",
            description="Prefix of the consumer groups: <group>-split and <group>-dedupe.",
        ),
    ] = "newsworker"
    topic_prefix: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9._-]{1,100}$", description="First part of every topic's name.")
    ] = "news"
    topic_version: Annotated[str, Field(pattern=r"^v[0-9]+$", description="Last part of every topic's name.")] = "v1"
    partitions: Annotated[
        int, Field(ge=1, le=1000, description="Partitions of each topic that `topics apply` creates.")
    ] = 4
    replication: Annotated[
        int, Field(ge=1, le=15, description="Replicas of each topic that `topics apply` creates.")
    ] = 1

    max_message_bytes: Annotated[int, Field(ge=1, description="A larger raw message is a dead letter.")] = 10 * MIB
    max_lines: Annotated[int, Field(ge=1, description="A page of more lines is a dead letter.")] = 200_000
    max_depth: Annotated[int, Field(ge=1, le=512, description="JSON nested deeper is a dead letter.")] = 32
    stage_deadline_seconds: Annotated[
        float,
        Field(
            gt=0,
            le=DAY_SECONDS,
            description="CPU seconds a stage may take for one message; past them it is a dead letter.",
        ),
    ] = 30

    max_in_flight_bytes: Annotated[
        int, Field(ge=1, description="Bytes of messages fetched and not yet finished; past them fetching waits.")
    ] = 64 * MIB
    batch_messages: Annotated[int, Field(ge=1, description="Messages taken at once by an agent.")] = 200
    batch_seconds: Annotated[float, Field(gt=0, description="Longest wait for a batch to fill.")] = 0.05
    delivery: Annotated[
        Delivery,
        Field(description="What readers of committed records see after a crash: repeats of the same bytes, or none."),
    ] = "effectively_once"
    session_timeout_seconds: Annotated[float, Field(ge=3, description="Silence after which a worker is out.")] = 30
    instance_id: Annotated[
        str | None,
        Field(
            pattern=r"^[A-Za-z0-9._-]{1,100}$",
            description="Static membership: this worker's own name, which it keeps over restarts (a pod's name).",
        ),
        BeforeValidator(or_none),
    ] = None
    metadata_seconds: Annotated[
        float, Field(ge=1, description="After so long at most, partitions that were added are known and read.")
    ] = 60
    drain_seconds: Annotated[
        float, Field(gt=0, description="Longest time from SIGTERM to exit; messages still in flight are read again.")
    ] = 25
    publish_timeout_seconds: Annotated[
        float, Field(gt=0, description="One attempt to publish; after it the attempt is repeated, for ever.")
    ] = 30
    poison_restarts: Annotated[
        int, Field(ge=1, description="A message at which the process ended so often is a dead letter.")
    ] = 3
    breaker_consecutive: Annotated[
        int, Field(ge=0, description="Dead letters in a row at which the worker stops consuming; 0: never.")
    ] = 200
    breaker_ratio: Annotated[
        float, Field(ge=0, le=1, description="Share of dead letters in `breaker_window` at which it stops; 0: never.")
    ] = 0.5
    breaker_window: Annotated[int, Field(ge=10, description="Messages over which the share is taken.")] = 1000
    find_names: Annotated[
        bool,
        Field(
            description="Find persons, organisations, places and keywords, half of a page's time; alike on all workers."
        ),
    ] = True
    find_reported: Annotated[
        bool,
        Field(
            description="Find what is reported in other words, and speakers named there alone; alike on all workers."
        ),
    ] = True
    publish_mentions: Annotated[bool, Field(description="Write the mention topic (audit).")] = True
    publish_pages: Annotated[bool, Field(description="Write the page topic (audit).")] = True
    publish_ninjs: Annotated[bool, Field(description="Write each story as IPTC ninjs 3.1 too.")] = False
    publish_schemaorg: Annotated[bool, Field(description="Write each story as schema.org NewsArticle too.")] = False

    dedup_window_hours: Annotated[
        float, Field(gt=0, le=1_000_000, description="Event time within which two headlines may be one news.")
    ] = 72
    dedup_max_headlines: Annotated[
        int,
        Field(
            ge=1000,
            description="Headlines, and stories, known of each script; beyond it the oldest are forgotten early.",
        ),
    ] = 5_000_000

    state_store: Annotated[
        Literal["memory", "rocksdb"],
        Field(description="Where the dedup tables live; both are rebuilt from their changelog topics."),
    ] = "memory"
    state_dir: Annotated[Path, Field(description="Folder of the local state.")] = Path("state")

    web_host: Annotated[str, Field(description="Address of /metrics, /live and /ready.")] = "127.0.0.1"
    web_port: Annotated[int, Field(ge=0, le=65535, description="Their port; 0 takes a free one.")] = 8080
    log_format: Annotated[
        Literal["auto", "json", "console"], Field(description="auto: console on a terminal, JSON elsewhere.")
    ] = "auto"
    log_level: Annotated[Literal["debug", "info", "warning", "error"], Field(description="Least level logged.")] = (
        "info"
    )
    otlp_endpoint: Annotated[
        str | None,
        Field(
            pattern=r"^https?://",
            description="Collector of traces (OTLP over HTTP, `http://host:4318/v1/traces`); needs the extra `otel`.",
        ),
        BeforeValidator(or_none),
    ] = None
    ce_source: Annotated[str, Field(min_length=1, description="`ce_source` of every output record.")] = "newsworker"

    fault_point: Annotated[
        str | None,
        Field(
            pattern=FAULT_POINT.pattern,
            description="For rehearsals: a role kills itself there; `split:published:3`, `dedupe:worked=0/17`.",
        ),
        BeforeValidator(or_none),
    ] = None

    @property
    def dedup_rules(self) -> Rules:
        """What is said of deduplication across the stream."""
        return Rules(self.dedup_window_hours * HOUR_SECONDS, self.dedup_max_headlines)

    @property
    def topics(self) -> Topics:
        """The topics' names: ``<prefix>.<kind>.<version>``, of an export ``<prefix>.story.<export>.<version>``."""
        names = {kind: f"story.{kind}" if kind in EXPORTS else kind for kind in Topics.__slots__}
        return Topics(**{kind: f"{self.topic_prefix}.{name}.{self.topic_version}" for kind, name in names.items()})

    @property
    def exports(self) -> tuple[str, ...]:
        """The exports that are switched on."""
        return tuple(export for export in EXPORTS if getattr(self, f"publish_{export}"))

    def group_of(self, role: Role) -> str:
        """Return the consumer group of a role."""
        return f"{self.group}-{role}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - no .env file: one place less to look
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: command line, environment, file."""
        path = os.environ.get(CONFIG_VARIABLE)
        file_source = (TomlConfigSettingsSource(settings_cls, Path(path)),) if path else ()
        return (init_settings, env_settings, *file_source)


def load(**overrides: Any) -> Settings:  # noqa: ANN401 - values are validated by the model
    """Read the settings; `overrides` come from the command line and win.

    Raises:
        Fatal: `bad_settings`, naming each wrong variable and what is wrong with it.
    """
    path = os.environ.get(CONFIG_VARIABLE)
    if path and not Path(path).is_file():
        raise Fatal("bad_settings", "settings", f"{CONFIG_VARIABLE}: no such file: {path}")
    _refuse_unknown_variables()
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        problems = "; ".join(
            f"{ENV_PREFIX}{'_'.join(str(part) for part in problem['loc']).upper()}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise Fatal("bad_settings", "settings", problems) from error
    except ValueError as error:
        raise Fatal("bad_settings", "settings", f"{path}: not valid TOML: {error}") from error


def as_environment(settings: Settings) -> dict[str, str]:
    """Return the variables by which another process has these settings."""
    values = settings.model_dump(exclude_none=True)
    return {f"{ENV_PREFIX}{name.upper()}": str(value) for name, value in values.items()}


def use_file(path: Path) -> None:
    """Name the TOML file for this process and its children, as ``--config`` does."""
    os.environ[CONFIG_VARIABLE] = str(path)


def describe(settings: Settings) -> list[tuple[str, str, str]]:
    """Return (name, value as shown, description) of every setting in force; what may be secret in a value is masked."""
    return [
        (name, "" if value is None else _mask(str(value)), str(Settings.model_fields[name].description))
        for name, value in settings
    ]


_USER = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:/+|/*)[^\s,]*@")
_PARAMETER = re.compile(r"([?&#;][^=&#;\s]+=)[^&#;\s]*")
"""Of an address: everything up to its last @, and the values of its parameters."""


def _mask(value: str) -> str:
    """Return a value as it may be shown: without the user and password, and the parameters, of a URL in it."""
    return _PARAMETER.sub(r"\1***", _USER.sub(r"\1***@", value))


def _refuse_unknown_variables() -> None:
    """A misspelt variable is an error, not a silent default."""
    known = {f"{ENV_PREFIX}{name.upper()}" for name in Settings.model_fields} | {CONFIG_VARIABLE}
    unknown = sorted(name for name in os.environ if name.startswith(ENV_PREFIX) and name not in known)
    if unknown:
        names = ", ".join(unknown)
        raise Fatal("bad_settings", "settings", f"{names}: no such setting (`newsworker config` lists them)")
