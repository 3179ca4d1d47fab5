"""The private names of Faust and aiokafka that the cures touch are still there and still mean the same.

A failure here after an upgrade says which cure to look at; the tests of the findings say whether it is still needed.
"""

import inspect

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, conn
from aiokafka.client import AIOKafkaClient
from aiokafka.consumer.fetcher import Fetcher
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.producer.transaction_manager import TransactionManager
from faust import App as FaustApp
from faust import streams
from faust.stores import rocksdb
from faust.tables.base import Collection
from faust.tables.manager import TableManager as FaustTableManager
from faust.tables.recovery import Recovery as FaustRecovery
from faust.transport import consumer as faust_consumer
from faust.transport.drivers import aiokafka as driver
from faust.types import tuples

from worker.app.consumer import Consumer
from worker.app.factory import App
from worker.app.recovery import Recovery, TableManager
from worker.app.store import Store
from worker.app.tables import Table
from worker.app.thread import ConsumerThread
from worker.app.transport import Producer
from worker.handshake import Connection

OVERRIDDEN = [
    (Consumer, driver.Consumer, "_new_consumer_thread"),
    (Consumer, driver.Consumer, "ack"),
    (Consumer, driver.Consumer, "getmany"),
    (Consumer, driver.Consumer, "on_partitions_assigned"),
    (Consumer, driver.Consumer, "on_partitions_revoked"),
    (Consumer, driver.Consumer, "perform_seek"),
    (Consumer, driver.Consumer, "_add_gap"),
    (Consumer, driver.Consumer, "_filter_tps_with_pending_acks"),
    (Consumer, driver.Consumer, "_new_offset"),
    (Consumer, driver.Consumer, "_getmany"),
    (Consumer, driver.Consumer, "_to_message"),
    (ConsumerThread, driver.AIOKafkaConsumerThread, "_create_worker_consumer"),
    (ConsumerThread, driver.AIOKafkaConsumerThread, "_fetch_records"),
    (ConsumerThread, driver.AIOKafkaConsumerThread, "_seek_wait"),
    (ConsumerThread, driver.AIOKafkaConsumerThread, "on_start"),
    (ConsumerThread, driver.AIOKafkaConsumerThread, "seek_to_committed"),
    (Producer, driver.Producer, "_settings_extra"),
    (Recovery, FaustRecovery, "_add"),
    (Recovery, FaustRecovery, "on_recovery_completed"),
    (Recovery, FaustRecovery, "_resume_streams"),
    (Recovery, FaustRecovery, "_build_highwaters"),
    (Recovery, FaustRecovery, "_build_offsets"),
    (Recovery, FaustRecovery, "_set_recovery_started"),
    (Recovery, FaustRecovery, "_wait"),
    (TableManager, FaustTableManager, "on_start"),
    (Store, rocksdb.Store, "_try_open_db_for_partition"),
    (Store, rocksdb.Store, "apply_changelog_batch"),
    (Store, rocksdb.Store, "persisted_offset"),
    (Store, rocksdb.Store, "revoke_partitions"),
    (Table, Collection, "on_changelog_event"),
    (App, FaustApp, "_create_directories"),
    (App, FaustApp, "_new_transport"),
    (App, FaustApp, "on_stop"),
    (Connection, conn.AIOKafkaConnection, "authenticator_oauth"),
    (Connection, conn.AIOKafkaConnection, "connect"),
]

USED = [
    (driver.AIOKafkaConsumerThread, "_ensure_consumer"),
    (driver.AIOKafkaConsumerThread, "call_thread"),
    (driver.Producer, "_ensure_producer"),
    (driver.Producer, "_new_producer"),
    (driver.Producer, "_producer_type"),
    (driver.Producer, "_settings_auth"),
    (driver.Producer, "_settings_default"),
    (driver.Consumer, "_is_changelog_tp"),
    (driver.Consumer, "pause_partitions"),
    (driver.Consumer, "resume_flow"),
    (driver.Consumer, "resume_partitions"),
    (GroupCoordinator, "_send_req"),
    (GroupCoordinator, "request_rejoin"),
    (GroupCoordinator, "reset_generation"),
    (FaustRecovery, "_is_changelog_tp"),
    (FaustRecovery, "_set_recovery_ended"),
    (FaustTableManager, "_update_channels"),
    (FaustApp, "_fetcher"),
    (Collection, "apply_changelog_batch"),
    (Collection, "changelog_topic_name"),
    (rocksdb.Store, "_db_for_partition"),
    (rocksdb.Store, "offset_key"),
    (rocksdb.Store, "partition_path"),
    (streams, "_current_event"),
    (conn.OAuthAuthenticator, "step"),
    (TransactionManager, "error_transaction"),
]

WRITTEN = [
    (faust_consumer.Consumer, "_active_partitions"),
    (faust_consumer.Consumer, "_buffered_partitions"),
    (faust_consumer.Consumer, "_committed_offset"),
    (faust_consumer.Consumer, "_read_offset"),
    (faust_consumer.Consumer, "_unacked_messages"),
    (driver.AIOKafkaConsumerThread, "_consumer"),
    (driver.Producer, "_producer"),
    (AIOKafkaConsumer, "_fetch_max_wait_ms"),
    (AIOKafkaConsumer, "_fetch_max_bytes"),
    (tuples.Message, "refcount"),
    (tuples.Message, "__weakref__"),
    (AIOKafkaConsumer, "_isolation_level"),
    (AIOKafkaConsumer, "_client_rack"),
    (AIOKafkaConsumer, "_coordinator"),
    (AIOKafkaProducer, "_txn_manager"),
    (AIOKafkaProducer, "client"),
    (AIOKafkaClient, "coordinator_lookup"),
    (conn.AIOKafkaConnection, "self._sasl_plain_password = "),
    (conn.AIOKafkaConnection, "self._ssl_context = "),
    (conn.OAuthAuthenticator, "self._token_sent = "),
    (TransactionManager, "self._transaction_waiter = "),
    (TransactionManager, "self._txn_consumer_group = "),
    (TransactionManager, "self._txn_partitions = "),
    (GroupCoordinator, "coordinator_id"),
    (GroupCoordinator, "_group_instance_id"),
    (rocksdb.Store, "_dbs"),
    (FaustRecovery, "_signal_recovery_end"),
    (FaustRecovery, "signal_recovery_end.wait()"),
    (FaustApp, "_assignment"),
]


@pytest.mark.parametrize(("ours", "base", "name"), OVERRIDDEN, ids=lambda value: getattr(value, "__name__", value))
def test_what_we_override_is_there_with_the_same_parameters(ours: type, base: type, name: str) -> None:
    """A method that was renamed or given other parameters would not be called any more, or wrongly."""
    assert name in vars(ours)
    parameters = inspect.signature(getattr(ours, name)).parameters
    expected = inspect.signature(getattr(base, name)).parameters
    assert [(one.name, one.kind) for one in parameters.values()] == [(one.name, one.kind) for one in expected.values()]


@pytest.mark.parametrize(("owner", "name"), USED, ids=lambda value: getattr(value, "__name__", value))
def test_what_we_call_is_there(owner: object, name: str) -> None:
    """Methods and module variables."""
    assert hasattr(owner, name)


@pytest.mark.parametrize(("owner", "name"), WRITTEN, ids=lambda value: getattr(value, "__name__", value))
def test_the_attributes_we_read_are_still_set(owner: type, name: str) -> None:
    """They are assigned in the source of the class that owns them."""
    assert f"{name}" in inspect.getsource(inspect.getmodule(owner) or owner)


def test_aiokafka_still_takes_no_partitions_for_all() -> None:
    """The finding behind the fetch that takes nothing (F11)."""
    assert "if partitions and tp not in partitions" in inspect.getsource(Fetcher.fetched_records)


def test_aiokafka_still_makes_the_connections_that_its_module_names() -> None:
    """So that another class in that place makes them."""
    assert "conn = AIOKafkaConnection(" in inspect.getsource(conn.create_conn)
