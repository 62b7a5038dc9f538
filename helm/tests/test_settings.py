"""The chart's settings are the binary's: no more, no fewer, and what is rendered is what it reads."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from conftest import CHART, ROOT, of_kind, pods

KEYS = ROOT / "Sources/ScanfleetCommands/Configuration/ConfigurationKey.swift"
MANAGED = {"SCANFLEET_REDIS_URL", "SCANFLEET_REDIS_CA", "SCANFLEET_LISTEN"}
SECRET = {"SCANFLEET_EXTERNAL_ID", "SCANFLEET_HUBOT_TOKEN"}


def declared() -> set[str]:
    return {f"SCANFLEET_{name}" for name in re.findall(r'^    case \w+ = "([A-Z_]+)"$', KEYS.read_text(), re.MULTILINE)}


def variable(key: str) -> str:
    return "SCANFLEET_" + re.sub(r"([A-Z])", r"_\1", key).upper()


def binary() -> Path:
    named = os.environ.get("SCANFLEET_BINARY") or str(ROOT / ".build/debug/scanfleet")
    if not Path(named).exists():
        if "SCANFLEET_REQUIRE_SERVERS" in os.environ:
            pytest.fail(f"{named} is missing: swift build --product scanfleet, or SCANFLEET_BINARY")
        pytest.skip(f"{named} is not built")
    return Path(named)


def asked(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([binary(), "config"], capture_output=True, text=True, env=environment)


def test_values_and_schema_name_every_setting_of_the_source() -> None:
    wanted = declared() - MANAGED - SECRET
    assert len(wanted) >= 19
    values = yaml.safe_load((CHART / "values.yaml").read_text())["config"]
    schema = json.loads((CHART / "values.schema.json").read_text())["properties"]["config"]["properties"]
    assert {variable(key) for key in values} == wanted
    assert values.keys() == schema.keys()


def test_the_binary_knows_the_same_settings() -> None:
    shown = set(re.findall(r"^(SCANFLEET_\w+) = ", asked({"AWS_REGION": "eu-west-1"}).stdout, re.MULTILINE))
    assert shown == declared()


def test_everything_rendered_has_a_name_that_the_binary_reads(values: str) -> None:
    given = set(of_kind(values, "ConfigMap")["config"]["data"])
    for component, spec in pods(values).items():
        if component != "dashboard":
            given |= {entry["name"] for entry in spec["containers"][0].get("env", [])}
    assert {name for name in given if name.startswith("SCANFLEET_")} <= declared()


def test_the_binary_accepts_what_is_rendered(values: str, tmp_path: Path) -> None:
    environment = dict(of_kind(values, "ConfigMap")["config"]["data"])
    for name, content in of_kind(values, "ConfigMap").get("files", {}).get("data", {}).items():
        (tmp_path / name).write_text(content)
    assert all(isinstance(value, str) and value for value in environment.values())
    environment = {name: value.replace("/etc/scanfleet/", f"{tmp_path}/") for name, value in environment.items()}
    for entry in pods(values)["worker"]["containers"][0]["env"]:
        if entry["name"] == "SCANFLEET_REDIS_URL":
            environment["SCANFLEET_REDIS_URL"] = entry.get("value", "redis://secret:6379").replace("$(REDIS_PASSWORD)", "a-b.c")
    answer = asked(environment)
    assert answer.returncode == 0, answer.stderr
    for name, value in environment.items():
        if name.startswith("SCANFLEET_") and name != "SCANFLEET_REDIS_URL":
            assert f"{name} = {value}  (" in answer.stdout


def test_lists_numbers_and_zero_arrive_as_they_were_meant() -> None:
    data = of_kind("keda", "ConfigMap")["config"]["data"]
    assert data["SCANFLEET_ACCOUNTS"] == "012345678901,111111111111"
    assert data["SCANFLEET_IMAGES_PER_REPOSITORY"] == "0"
    assert data["SCANFLEET_CONCURRENCY"] == "128"
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
