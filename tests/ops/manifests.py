"""The manifests of `deploy/kubernetes` as kustomize makes them, and what the tests look up in them."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from ops.deployment import DEPLOY

KUBERNETES = DEPLOY / "kubernetes"
OVERLAYS = ("development", "production", "halves")
COMPONENTS = {"production": ("keda", "podmonitor"), "halves": ("keda-halves", "podmonitor")}
"""By the overlay that they can be added to."""

OLDEST_KUSTOMIZE = (5, 0)
"""In kubectl from 1.27; those before 1.21 know no components."""

WORKLOADS = ("StatefulSet", "Deployment", "Job")

Manifest = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rendered:
    """All that one overlay gives a cluster."""

    manifests: Sequence[Manifest]

    def of_kind(self, *kinds: str) -> list[Manifest]:
        """Return the manifests of these kinds."""
        return [manifest for manifest in self.manifests if manifest["kind"] in kinds]

    def only(self, kind: str) -> Manifest:
        """Return the one manifest of a kind."""
        [manifest] = self.of_kind(kind)
        return manifest

    def workers(self) -> list[Manifest]:
        """Return the workloads that run the worker."""
        return self.of_kind("StatefulSet", "Deployment")

    def environment(self, workload: Manifest) -> dict[str, str]:
        """Return a container's variables; what the cluster fills in has the name of its source."""
        container = container_of(workload)
        [source] = container["envFrom"]
        name = source["configMapRef"]["name"]
        [settings] = [one["data"] for one in self.of_kind("ConfigMap") if one["metadata"]["name"] == name]
        return {**settings, **dict(_variables(container))}


def _variables(container: Manifest) -> Iterator[tuple[str, str]]:
    for variable in container.get("env", ()):
        value = variable.get("value") or variable["valueFrom"]["fieldRef"]["fieldPath"]
        yield variable["name"], value


def pod_of(workload: Manifest) -> Manifest:
    """Return the pod's specification of a workload."""
    pod: Manifest = workload["spec"]["template"]["spec"]
    return pod


def container_of(workload: Manifest) -> Manifest:
    """Return the one container of a workload."""
    [container] = pod_of(workload)["containers"]
    found: Manifest = container
    return found


def constraints_of(workload: Manifest) -> list[Manifest]:
    """Return the selectors by which a workload's pods are spread."""
    return [one["labelSelector"] for one in pod_of(workload)["topologySpreadConstraints"]]


def labels_of(workload: Manifest) -> dict[str, str]:
    """Return the labels that its pods have."""
    labels: dict[str, str] = workload["spec"]["template"]["metadata"]["labels"]
    return labels


def selects(selector: Manifest, labels: dict[str, str]) -> bool:
    """Tell whether a label selector takes what has these labels."""
    given = all(labels.get(name) == value for name, value in selector.get("matchLabels", {}).items())
    return given and all(_holds(one, labels) for one in selector.get("matchExpressions", ()))


def _holds(expression: Manifest, labels: dict[str, str]) -> bool:
    among = labels.get(expression["key"]) in expression["values"]
    return among if expression["operator"] == "In" else not among


@cache
def rendered(overlay: str) -> Rendered:
    """Return what an overlay gives."""
    return _kustomize(KUBERNETES / "overlays" / overlay)


@cache
def rendered_with_components(overlay: str) -> Rendered:
    """Return what an overlay gives with every component added, as an overlay of the reader's own would add them."""
    with TemporaryDirectory() as folder:
        kustomization = {
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "resources": [_relative(KUBERNETES / "overlays" / overlay, folder)],
            "components": [_relative(KUBERNETES / "components" / name, folder) for name in COMPONENTS[overlay]],
        }
        (Path(folder) / "kustomization.yaml").write_text(yaml.safe_dump(kustomization), encoding="utf-8")
        return _kustomize(Path(folder))


def _relative(path: Path, folder: str) -> str:
    # Kustomize takes no absolute paths.
    return os.path.relpath(path, Path(folder).resolve())


def _kustomize(folder: Path) -> Rendered:
    command = [kubectl(), "kustomize", str(folder)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 0, answer.stderr
    return Rendered(tuple(yaml.safe_load_all(answer.stdout)))


@cache
def kubectl() -> str:
    """Return kubectl, whose kustomize is new enough, or skip the test, in CI too: Debian 12 has none that is."""
    found = shutil.which("kubectl")
    if found is None:
        pytest.skip("no kubectl on this machine (Debian 13: kubernetes-client)")
    answer = subprocess.run([found, "version", "--client", "--output=json"], capture_output=True, check=False)
    version = json.loads(answer.stdout or "{}").get("kustomizeVersion", "v0.0")
    if tuple(int(part) for part in version.removeprefix("v").split(".")[:2]) < OLDEST_KUSTOMIZE:
        pytest.skip(f"kubectl with kustomize {version}; 5.0 or later is needed (Debian 13: kubernetes-client)")
    return found
