"""The chart's settings are the binary's: no more, no fewer, and what is rendered is what it reads."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from conftest import CHART, ROOT, of_kind, pods

KEYS = ROOT / "Sources/ScanfleetCLI/Configuration/ConfigurationKey.swift"


def declared() -> set[str]:
    return {f"SCANFLEET_{name}" for name in re.findall(r'^    case \w+ = "([A-Z_]+)"$', KEYS.read_text(), re.MULTILINE)}


def binary() -> Path:
    named = os.environ.get("SCANFLEET_BINARY") or str(ROOT / ".build/debug/scanfleet")
    if not Path(named).exists():
        if "SCANFLEET_REQUIRE_SERVERS" in os.environ:
            pytest.fail(f"{named} is missing: swift build --product scanfleet, or SCANFLEET_BINARY")
        pytest.skip(f"{named} is not built")
    return Path(named)


def asked(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([binary(), "config"], capture_output=True, text=True, env=environment)


def test_the_binary_knows_the_same_settings() -> None:
    shown = set(re.findall(r"^(SCANFLEET_\w+) = ", asked({"AWS_REGION": "eu-west-1"}).stdout, re.MULTILINE))
    assert shown == declared()


def test_everything_rendered_has_a_name_that_the_binary_reads(values: str) -> None:
    given = set(of_kind(values, "ConfigMap")["config"]["data"])
    for component, spec in pods(values).items():
        if component != "dashboard":
            given |= {entry["name"] for entry in spec["containers"][0].get("env", [])}
    assert {name for name in given if name.startswith("SCANFLEET_")} <= declared()


def mounted(values: str, spec: dict, folder: Path) -> dict[str, str]:
    """The pod's read-only files below a folder; returns what each mounted path has become."""
    maps = {item["metadata"]["name"]: item.get("data", {}) for item in of_kind(values, "ConfigMap").values()}
    volumes = {volume["name"]: volume for volume in spec.get("volumes", [])}
    places = {}
    for mount in spec["containers"][0].get("volumeMounts", []):
        volume, place = volumes[mount["name"]], folder / mount["mountPath"].strip("/")
        source = volume.get("configMap") or volume.get("secret") or {}
        content = maps.get(source.get("name")) or {item["path"]: "" for item in source.get("items", [])}
        place.mkdir(parents=True)
        for name, text in content.items():
            (place / name).write_text(text)
        places[f"{mount['mountPath']}/"] = f"{place}/"
    return places


def environment(values: str, spec: dict) -> dict[str, str]:
    """The container's variables as Kubernetes would set them, with a word or an address for what is secret."""
    found: dict[str, str] = {}
    container, secrets = spec["containers"][0], {"SCANFLEET_REDIS_URL": "redis://secret:6379", "SCANFLEET_HUBOT_URL": "https://secret/"}
    for source in container.get("envFrom", []):
        if source.get("configMapRef", {}).get("name", "").endswith("-config"):
            found |= of_kind(values, "ConfigMap")["config"]["data"]
    for entry in container["env"]:
        value = entry.get("value", secrets.get(entry["name"], "a-b.c"))
        found[entry["name"]] = value.replace("$(REDIS_PASSWORD)", "a-b.c")
    return found


@pytest.mark.parametrize("component", ["coordinator", "worker", "aggregator", "init", "test"])
def test_the_binary_accepts_what_is_rendered(values: str, component: str, tmp_path: Path) -> None:
    if component not in pods(values):
        return
    spec = pods(values)[component]
    given = environment(values, spec)
    assert all(isinstance(value, str) and value for value in given.values())
    for path, place in mounted(values, spec, tmp_path).items():
        given = {name: value.replace(path, place) for name, value in given.items()}
    answer = asked(given)
    assert answer.returncode == 0, answer.stderr
    secret = {entry["name"] for entry in spec["containers"][0]["env"] if "valueFrom" in entry} | {"SCANFLEET_REDIS_URL"}
    for name, value in given.items():
        if name.startswith("SCANFLEET_") and name not in secret:
            assert f"{name} = {value}  (" in answer.stdout


def test_lists_numbers_and_zero_arrive_as_they_were_meant() -> None:
    data = of_kind("keda", "ConfigMap")["config"]["data"]
    assert data["SCANFLEET_ACCOUNTS"] == "012345678901,111111111111"
    assert data["SCANFLEET_IMAGES_PER_REPOSITORY"] == "0"
    assert data["SCANFLEET_CONCURRENCY"] == "128"
    rates = [data[f"SCANFLEET_RATE_{name}"] for name in ("FIRST", "FLOOR", "CEILING")]
    assert rates == ["2.5", "0.25", "50"]
    assert "SCANFLEET_REGIONS" not in data
    bare = of_kind("redis-url", "ConfigMap")["config"]["data"]
    assert (bare["SCANFLEET_SCAN_SCHEDULE"], bare["SCANFLEET_UNTAGGED"]) == ("off", "off")


def test_everything_generated_is_fresh() -> None:
    answer = subprocess.run([CHART.parent / "generate", "--check"], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr


def test_every_value_is_explained() -> None:
    explained = set(re.findall(r"^\| `([\w.]+)` \|", (CHART / "README.md").read_text(), re.MULTILINE))

    def leaves(values: dict, path: str = "") -> set[str]:
        found = set()
        for key, value in values.items():
            here = f"{path}.{key}" if path else key
            found |= leaves(value, here) if isinstance(value, dict) and value and here not in explained else {here}
        return found

    values = yaml.safe_load((CHART / "values.yaml").read_text())
    assert leaves(values) - explained == set()
