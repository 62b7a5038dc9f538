"""Kubernetes and the operators' definitions accept every object, with no field that they do not know."""

from collections.abc import Iterator

import kubernetes_validate
import pytest
from cloudcoil.models.keda import v1alpha1 as keda
from cloudcoil.models.prometheus_operator import v1 as operator
from conftest import VALUES, rendered

KUBERNETES = ["1.29", "1.31", "1.33", "1.35"]
DEFINITIONS = {
    ("keda.sh/v1alpha1", kind): getattr(keda, kind) for kind in ("ScaledObject", "TriggerAuthentication")
} | {
    ("monitoring.coreos.com/v1", kind): getattr(operator, kind)
    for kind in ("PodMonitor", "PrometheusRule")
}
# The models are of KEDA 2.16; 2.17 added this one, and the chart's README asks for it.
NEWER = {"ScaledObject": [".spec.fallback.behavior"]}


def kind(item: dict) -> tuple[str, str]:
    return item["apiVersion"], item["kind"]


@pytest.mark.parametrize("release", KUBERNETES)
def test_kubernetes_accepts(release: str, values: str) -> None:
    for item in rendered(values):
        if kind(item) not in DEFINITIONS:
            kubernetes_validate.validate(item, release, strict=True)


def lost(given: object, kept: object, path: str = "") -> Iterator[str]:
    """What a model dropped, because its definition has no such field."""
    if isinstance(given, dict):
        for key, value in given.items():
            if not isinstance(kept, dict) or key not in kept:
                yield f"{path}.{key}"
            else:
                yield from lost(value, kept[key], f"{path}.{key}")
    elif isinstance(given, list):
        for index, (value, other) in enumerate(zip(given, kept if isinstance(kept, list) else [], strict=False)):
            yield from lost(value, other, f"{path}[{index}]")


def test_operators_accept(values: str) -> None:
    for item in rendered(values):
        if model := DEFINITIONS.get(kind(item)):
            kept = model.model_validate(item).model_dump(mode="json", by_alias=True, exclude_unset=True)
            assert list(lost(item, kept)) == NEWER.get(item["kind"], [])


def test_every_definition_is_met() -> None:
    met = {kind(item) for name in VALUES for item in rendered(name)}
    assert DEFINITIONS.keys() <= met
