"""The alerts for the Prometheus operator: `python deploy/kubernetes/prometheusrule.py` writes them anew.

In: `deploy/prometheus/newsworker.rules.yaml`, the one source. Out: the same groups as a PrometheusRule, for whom
kustomize, which joins no file to another, finds them ready.
"""

from pathlib import Path

import yaml

DEPLOY = Path(__file__).parent.parent
RULES = DEPLOY / "prometheus" / "newsworker.rules.yaml"
TARGET = DEPLOY / "kubernetes" / "components" / "podmonitor" / "prometheusrule.yaml"

HEAD = """\
# Made of deploy/prometheus/newsworker.rules.yaml by deploy/kubernetes/prometheusrule.py: change it there.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: newsworker
  namespace: newsworker
  labels:
    app.kubernetes.io/name: newsworker
spec:
"""


def render(rules: str) -> str:
    """Return the manifest that holds the groups of a rules file."""
    groups = yaml.safe_load(rules)["groups"]
    body = yaml.safe_dump({"groups": groups}, sort_keys=False, allow_unicode=True, width=110)
    return HEAD + "".join(f"  {line}\n" if line else "\n" for line in body.splitlines())


if __name__ == "__main__":
    TARGET.write_text(render(RULES.read_text(encoding="utf-8")), encoding="utf-8")
