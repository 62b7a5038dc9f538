"""What the chart's tests share: the two helms, and each set of values rendered once."""

import functools
import os
import subprocess
from pathlib import Path

import pytest
import yaml

CHART = Path(__file__).resolve().parents[1] / "scanfleet"
ROOT = CHART.parents[1]
TOOLS = Path(os.environ["SCANFLEET_HELM_TOOLS"])
HELMS = {"helm3": TOOLS / "helm3", "helm4": TOOLS / "helm"}
VALUES = {path.name.removesuffix("-values.yaml"): path for path in sorted((CHART / "ci").glob("*-values.yaml"))}
APIS = ["keda.sh/v1alpha1", "monitoring.coreos.com/v1"]

Object = dict


def helm(version: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([HELMS[version], *arguments], capture_output=True, text=True)


def template(version: str, *arguments: str, chart: Path = CHART) -> subprocess.CompletedProcess[str]:
    apis = [word for api in APIS for word in ("--api-versions", api)]
    return helm(version, "template", "fleet", str(chart), "--namespace", "watch", *apis, *arguments)


def objects(text: str) -> list[Object]:
    return [document for document in yaml.safe_load_all(text) if document]


@functools.cache
def rendered(name: str, version: str = "helm4") -> tuple[Object, ...]:
    answer = template(version, "--values", str(VALUES[name]))
    assert answer.returncode == 0, answer.stderr
    return tuple(objects(answer.stdout))


def of_kind(name: str, kind: str) -> dict[str, Object]:
    """The objects of a kind by the component that they are labelled with."""
    return {
        item["metadata"]["labels"]["app.kubernetes.io/component"]: item
        for item in rendered(name)
        if item["kind"] == kind and "app.kubernetes.io/component" in item["metadata"].get("labels", {})
    }


def pods(name: str) -> dict[str, Object]:
    """Every pod that a set of values makes, by component: of Deployments, StatefulSets and Jobs, and bare ones."""
    found = {}
    for item in rendered(name):
        match item["kind"]:
            case "Deployment" | "StatefulSet" | "Job":
                spec = item["spec"]["template"]["spec"]
            case "Pod":
                spec = item["spec"]
            case _:
                continue
        found[item["metadata"]["labels"]["app.kubernetes.io/component"]] = spec
    return found


@pytest.fixture(params=VALUES)
def values(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=HELMS)
def version(request: pytest.FixtureRequest) -> str:
    return request.param
