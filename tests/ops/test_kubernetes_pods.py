"""The pods of `deploy/kubernetes`: what they may do, how they start and end, and what they keep."""

from pathlib import Path
from typing import Any

import pytest
from ops.deployment import settings_of
from ops.manifests import OVERLAYS, WORKLOADS, Manifest, Rendered, container_of, pod_of, rendered

from worker.settings import MIB
from worker.supervisor import GRACE_SECONDS

WORKER_PAGES = ("/live", "/ready")
UNITS = {"Mi": MIB, "Gi": 1024 * MIB}

RESTRICTED_VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
}
"""Of the Pod Security Standards' restricted profile."""


@pytest.fixture(params=OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> Rendered:
    """What each overlay gives a cluster."""
    return rendered(request.param)


def bytes_of(quantity: str) -> int:
    """Return the bytes of a quantity of memory."""
    return int(quantity[:-2]) * UNITS[quantity[-2:]]


def mounts_of(workload: Manifest) -> dict[str, str]:
    """Return the volumes of a container by the folders that they are mounted at."""
    return {mount["mountPath"]: mount["name"] for mount in container_of(workload)["volumeMounts"]}


def test_every_variable_is_a_setting(overlay: Rendered) -> None:
    """All are known and have values that the worker takes; no Service of the namespace adds to them."""
    for workload in overlay.of_kind(*WORKLOADS):
        settings = settings_of(overlay.environment(workload))
        assert settings.web_host == "0.0.0.0"
        assert pod_of(workload)["enableServiceLinks"] is False


def test_the_restricted_profile_holds_for_every_pod(overlay: Rendered) -> None:
    """Field by field, what the Pod Security Standards ask of a pod."""
    for workload in overlay.of_kind(*WORKLOADS):
        pod, container = pod_of(workload), container_of(workload)
        assert not pod.keys() & {"hostNetwork", "hostPID", "hostIPC", "initContainers", "ephemeralContainers"}
        assert all(volume.keys() - {"name"} <= RESTRICTED_VOLUMES for volume in pod.get("volumes", ()))
        assert all("hostPort" not in port for port in container.get("ports", ()))
        assert_restricted(pod["securityContext"], container["securityContext"])


def assert_restricted(pod: dict[str, Any], container: dict[str, Any]) -> None:
    """Check the security contexts: what the pod says holds for its container where that says nothing."""
    both = {**pod, **container}
    assert both["runAsNonRoot"] is True
    assert both["runAsUser"] == 10001
    assert both["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["allowPrivilegeEscalation"] is False
    assert container["capabilities"] == {"drop": ["ALL"]}
    assert not both.keys() & {
        "privileged",
        "procMount",
        "seLinuxOptions",
        "sysctls",
        "windowsOptions",
        "appArmorProfile",
    }


def test_a_pod_does_no_more_than_it_has_to(overlay: Rendered) -> None:
    """Beyond the profile: a read-only root, temporary files within a bound, and no token."""
    assert overlay.only("ServiceAccount")["automountServiceAccountToken"] is False
    for workload in overlay.of_kind(*WORKLOADS):
        pod = pod_of(workload)
        assert container_of(workload)["securityContext"]["readOnlyRootFilesystem"] is True
        assert pod["automountServiceAccountToken"] is False
        assert pod["serviceAccountName"] == overlay.only("ServiceAccount")["metadata"]["name"]
        [temporary] = [volume for volume in pod["volumes"] if volume["name"] == mounts_of(workload)["/tmp"]]
        assert bytes_of(temporary["emptyDir"]["sizeLimit"]) >= 64 * MIB


def test_a_pod_has_the_time_to_drain(overlay: Rendered) -> None:
    """It is killed later than the supervisor kills its processes, and is not kept waiting before."""
    for worker in overlay.workers():
        drain = settings_of(overlay.environment(worker)).drain_seconds
        assert pod_of(worker)["terminationGracePeriodSeconds"] >= drain + GRACE_SECONDS + 5
        assert "lifecycle" not in container_of(worker)


def test_probes_ask_what_the_worker_answers(overlay: Rendered) -> None:
    """Its own pages, on its own port."""
    for worker in overlay.workers():
        container = container_of(worker)
        [port] = container["ports"]
        assert port["containerPort"] == settings_of(overlay.environment(worker)).web_port
        asked = {name: container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")}
        assert all(probe["port"] == port["name"] and probe["path"] in WORKER_PAGES for probe in asked.values())
        assert [asked[name]["path"] for name in asked] == ["/live", "/live", "/ready"]


def test_a_start_is_given_minutes_and_a_waiting_worker_lives(overlay: Rendered) -> None:
    """Only a silent port or a dead loop ends a pod; a recovery, or a broker that is away, never does."""
    for worker in overlay.workers():
        container = container_of(worker)
        startup, liveness = container["startupProbe"], container["livenessProbe"]
        assert startup["periodSeconds"] * startup["failureThreshold"] >= 300
        assert liveness["periodSeconds"] * liveness["failureThreshold"] >= 30


def test_memory_is_bounded_and_the_processor_is_not(overlay: Rendered) -> None:
    """A process that is held back looks like one that hangs."""
    for workload in overlay.of_kind(*WORKLOADS):
        resources = container_of(workload)["resources"]
        assert list(resources["limits"]) == ["memory"]
        assert bytes_of(resources["requests"]["memory"]) <= bytes_of(resources["limits"]["memory"])
        assert "cpu" in resources["requests"]


def test_a_pod_that_comes_back_is_the_same_member(overlay: Rendered) -> None:
    """Its name in the group is the pod's, and its session lasts for as long as it takes to drain and to start again."""
    workers = overlay.only("StatefulSet")
    settings = settings_of(overlay.environment(workers))
    assert overlay.environment(workers)["NEWSWORKER_INSTANCE_ID"] == "metadata.name"
    assert settings.session_timeout_seconds >= settings.drain_seconds + 30
    assert workers["spec"]["podManagementPolicy"] == "Parallel"
    assert workers["spec"]["updateStrategy"]["type"] == "RollingUpdate"


def test_a_pod_without_a_lasting_name_has_none_in_the_group() -> None:
    """The group would wait for one that never comes back."""
    split = rendered("halves").only("Deployment")
    assert "NEWSWORKER_INSTANCE_ID" not in rendered("halves").environment(split)
    assert split["spec"]["strategy"]["rollingUpdate"]["maxSurge"] == 0


@pytest.mark.parametrize("name", ["production", "halves"])
def test_the_state_is_on_a_volume_of_its_own(name: str) -> None:
    """Each pod of the half with the state has a volume at the folder of the setting, which its user may write to."""
    overlay = rendered(name)
    workers = overlay.only("StatefulSet")
    [claim] = workers["spec"]["volumeClaimTemplates"]
    settings = settings_of(overlay.environment(workers))
    assert claim["metadata"]["name"] == mounts_of(workers)[str(settings.state_dir)]
    assert claim["spec"]["accessModes"] == ["ReadWriteOnce"]
    assert pod_of(workers)["securityContext"]["fsGroup"] == pod_of(workers)["securityContext"]["runAsUser"]
    assert settings.state_store == "rocksdb"


def test_development_needs_no_volume() -> None:
    """The folder is there and goes with the pod."""
    overlay = rendered("development")
    workers = overlay.only("StatefulSet")
    assert "volumeClaimTemplates" not in workers["spec"]
    settings = settings_of(overlay.environment(workers))
    assert Path(settings.state_dir).is_absolute()
    assert {"name": mounts_of(workers)[str(settings.state_dir)], "emptyDir": {}} in pod_of(workers)["volumes"]


def test_the_splitting_half_keeps_nothing() -> None:
    """No volume but the one for temporary files."""
    assert list(mounts_of(rendered("halves").only("Deployment"))) == ["/tmp"]
