"""The manifests of `deploy/kubernetes`: valid for Kubernetes, and in agreement with one another and with the worker."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
from cloudcoil.models.keda.v1alpha1 import ScaledObject
from cloudcoil.models.prometheus_operator.v1 import PodMonitor, PrometheusRule
from ops.deployment import DEPLOY, ROOT, settings_of
from ops.manifests import (
    COMPONENTS,
    KUBERNETES,
    OVERLAYS,
    WORKLOADS,
    Rendered,
    constraints_of,
    container_of,
    labels_of,
    rendered,
    rendered_with_components,
    selects,
)
from pydantic import BaseModel

from worker import __version__

VERSIONS = ("1.31", "1.37")
"""The oldest Kubernetes in which every field that is used is stable or on by default, and the newest known here."""

MODELS: Mapping[str, type[BaseModel]] = {
    "ScaledObject": ScaledObject,
    "PodMonitor": PodMonitor,
    "PrometheusRule": PrometheusRule,
}
"""Made of the operators' own resource definitions."""


@pytest.fixture(params=OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> Rendered:
    """What each overlay gives a cluster."""
    return rendered(request.param)


@pytest.fixture(params=COMPONENTS)
def complete(request: pytest.FixtureRequest) -> Rendered:
    """The same with all components."""
    return rendered_with_components(request.param)


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_takes_every_manifest(overlay: Rendered, version: str) -> None:
    """Its own schemas, strict, know every field and find no wrong value."""
    assert len(overlay.manifests) >= 8
    for manifest in overlay.manifests:
        kubernetes_validate.validate(manifest, version, strict=True)


def test_the_operators_take_every_manifest(complete: Rendered) -> None:
    """Each field is one of the resource's definition: what the model does not know is not there when it is written."""
    manifests = complete.of_kind(*MODELS)
    assert {manifest["kind"] for manifest in manifests} == set(MODELS)
    for manifest in manifests:
        model = MODELS[manifest["kind"]].model_validate(manifest)
        assert model.model_dump(by_alias=True, exclude_unset=True, mode="json") == manifest


def test_all_is_in_one_namespace_that_takes_restricted_pods_only(overlay: Rendered) -> None:
    """And it is made with them."""
    namespace = overlay.only("Namespace")["metadata"]
    assert namespace["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    others = [manifest["metadata"] for manifest in overlay.manifests if manifest["kind"] != "Namespace"]
    assert {metadata["namespace"] for metadata in others} == {namespace["name"]}


def test_the_image_is_this_version(overlay: Rendered) -> None:
    """Set by kustomize in one place: the manifests themselves name no tag."""
    workloads = overlay.of_kind(*WORKLOADS)
    assert {container_of(workload)["image"] for workload in workloads} == {f"newsworker:{__version__}"}
    sources = [path.read_text(encoding="utf-8") for path in KUBERNETES.rglob("*.yaml")]
    assert not any("image: newsworker:" in source for source in sources)


def test_every_command_is_one(overlay: Rendered) -> None:
    """The image's command knows the verbs and their options."""
    for workload in overlay.of_kind(*WORKLOADS):
        container = container_of(workload)
        assert container["command"] == ["newsworker"]
        command = [sys.executable, "-m", "worker", *container["args"], "--help"]
        assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0


@pytest.mark.parametrize(
    ("name", "roles"), [("development", ["all"]), ("production", ["all"]), ("halves", ["dedupe", "split"])]
)
def test_both_halves_run(name: str, roles: list[str]) -> None:
    """In one workload, or one in each of two."""
    assert sorted(container_of(worker)["args"][2] for worker in rendered(name).workers()) == roles


def test_a_workload_selects_its_own_pods_alone(overlay: Rendered) -> None:
    """Each selector takes the pods of its template, and of no other workload."""
    workloads = overlay.of_kind(*WORKLOADS)
    for worker in overlay.workers():
        chosen = [one for one in workloads if selects(worker["spec"]["selector"], labels_of(one))]
        assert chosen == [worker]
        assert all(selects(constraint, labels_of(worker)) for constraint in constraints_of(worker))


def test_nodes_are_emptied_one_worker_at_a_time(overlay: Rendered) -> None:
    """Every workload has one budget, which always lets one pod go, and one that is not ready as well."""
    budgets = [one["spec"] for one in overlay.of_kind("PodDisruptionBudget")]
    for worker in overlay.workers():
        [budget] = [one for one in budgets if selects(one["selector"], labels_of(worker))]
        assert budget["maxUnavailable"] == 1
        assert budget["unhealthyPodEvictionPolicy"] == "AlwaysAllow"
    assert len(budgets) == len(overlay.workers())


def test_the_network_lets_in_only_who_measures(overlay: Rendered) -> None:
    """One policy for every pod: in to the worker's port from the monitoring, out to names and the broker's port."""
    policy = overlay.only("NetworkPolicy")["spec"]
    for workload in overlay.of_kind(*WORKLOADS):
        assert selects(policy["podSelector"], labels_of(workload))
    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    [ingress] = policy["ingress"]
    assert [port["port"] for port in ingress["ports"]] == ["http"]
    assert [list(peer) for peer in ingress["from"]] == [["namespaceSelector"]]
    broker = settings_of(overlay.only("ConfigMap")["data"]).broker
    reached = [(port["protocol"], port["port"]) for rule in policy["egress"] for port in rule["ports"]]
    assert sorted(reached) == [("TCP", 53), ("TCP", int(broker.rpartition(":")[2])), ("UDP", 53)]
    assert all(rule["to"] for rule in policy["egress"])


def test_the_stateful_set_is_known_in_dns(overlay: Rendered) -> None:
    """By a Service without an address of its own, which has its pods and their port."""
    service, workers = overlay.only("Service"), overlay.only("StatefulSet")
    assert workers["spec"]["serviceName"] == service["metadata"]["name"]
    assert service["spec"]["clusterIP"] == "None"
    assert selects({"matchLabels": service["spec"]["selector"]}, labels_of(workers))
    [port] = service["spec"]["ports"]
    assert port["targetPort"] == "http"
    assert port["port"] == settings_of(overlay.only("ConfigMap")["data"]).web_port


def test_topics_are_made_as_the_workers_want_them(overlay: Rendered) -> None:
    """The job has the workers' settings, comes to an end, and goes, so that a next one can be made."""
    job = overlay.only("Job")
    assert container_of(job)["args"] == ["topics", "apply"]
    assert overlay.environment(job) == overlay.only("ConfigMap")["data"]
    assert job["spec"]["ttlSecondsAfterFinished"] > 0
    assert job["spec"]["backoffLimit"] > 0


@pytest.mark.parametrize(("name", "replicas", "store"), [("development", 1, "memory"), ("production", 3, "rocksdb")])
def test_an_overlay_is_what_its_name_says(name: str, replicas: int, store: str) -> None:
    """As many workers as topics have replicas, the state where it belongs, and a partition for each worker."""
    overlay = rendered(name)
    settings = settings_of(overlay.only("ConfigMap")["data"])
    assert overlay.only("StatefulSet")["spec"]["replicas"] == settings.replication == replicas
    assert settings.state_store == store
    assert settings.partitions >= replicas


def test_scaling_follows_the_lag_of_the_splitting_half(complete: Rendered) -> None:
    """KEDA asks the broker of the workers for the split group on the raw topic; at most a worker for each partition."""
    spec = complete.only("ScaledObject")["spec"]
    settings = settings_of(complete.only("ConfigMap")["data"])
    [trigger] = spec["triggers"]
    asked = {name: trigger["metadata"][name] for name in ("bootstrapServers", "consumerGroup", "topic")}
    assert asked == {
        "bootstrapServers": settings.broker,
        "consumerGroup": settings.group_of("split"),
        "topic": settings.topics.raw,
    }
    assert (
        1 <= spec["minReplicaCount"] <= spec["fallback"]["replicas"] <= spec["maxReplicaCount"] == settings.partitions
    )
    assert all(isinstance(value, str) for value in trigger["metadata"].values())


def test_what_is_scaled_splits_and_has_no_number_of_its_own(complete: Rendered) -> None:
    """An `apply` leaves the autoscaler's number; every other workload has its own."""
    target = complete.only("ScaledObject")["spec"]["scaleTargetRef"]
    scaled = [worker for worker in complete.workers() if "replicas" not in worker["spec"]]
    assert [
        {"apiVersion": one["apiVersion"], "kind": one["kind"], "name": one["metadata"]["name"]} for one in scaled
    ] == [target]
    assert container_of(scaled[0])["args"][2] in {"all", "split"}


def test_a_worker_is_taken_away_when_its_partitions_are_free(complete: Rendered) -> None:
    """The next one goes later than the group has noticed that the last has gone, which waits for a named member."""
    behaviour = complete.only("ScaledObject")["spec"]["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]
    [policy] = behaviour["scaleDown"]["policies"]
    settings = settings_of(complete.only("ConfigMap")["data"])
    assert policy["value"] == 1
    assert policy["periodSeconds"] > settings.session_timeout_seconds + settings.drain_seconds


def test_the_operator_scrapes_every_worker_and_no_job(complete: Rendered) -> None:
    """By the port and path of the worker, under the job's name that alerts and dashboard ask for."""
    spec = complete.only("PodMonitor")["spec"]
    chosen = [one for one in complete.of_kind(*WORKLOADS) if selects(spec["selector"], labels_of(one))]
    assert chosen == complete.workers()
    assert {labels_of(worker)[spec["jobLabel"]] for worker in chosen} == {"newsworker"}
    [endpoint] = spec["podMetricsEndpoints"]
    assert (endpoint["port"], endpoint["path"]) == ("http", "/metrics")


def test_the_operator_has_the_same_alerts(tmp_path: Path) -> None:
    """The rule that is committed is the one that is made of the rules file."""
    script = tmp_path / "kubernetes" / "prometheusrule.py"
    committed = KUBERNETES / "components" / "podmonitor" / "prometheusrule.yaml"
    made = tmp_path / committed.relative_to(DEPLOY)
    for folder in (made.parent, tmp_path / "prometheus"):
        folder.mkdir(parents=True)
    script.write_bytes((KUBERNETES / "prometheusrule.py").read_bytes())
    rules = "prometheus/newsworker.rules.yaml"
    (tmp_path / rules).write_bytes((DEPLOY / rules).read_bytes())
    subprocess.run([sys.executable, str(script)], cwd=ROOT, check=True, timeout=60)
    assert made.read_text(encoding="utf-8") == committed.read_text(encoding="utf-8")


def test_no_manifest_holds_a_secret(complete: Rendered) -> None:
    """And nothing asks the API server, so there are no roles either."""
    assert not complete.of_kind("Secret", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")
    assert "password" not in json.dumps(complete.manifests).lower()
