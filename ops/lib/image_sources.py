"""Checks the compose file: its settings exist, and every service is restricted."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def settings() -> list[str]:
    source = (ROOT / "Sources/ScanfleetCLI/Configuration/ConfigurationKey.swift").read_text()
    known = {f"SCANFLEET_{name}" for name in re.findall(r'^    case \w+ = "([A-Z_]+)"$', source, re.MULTILINE)}
    services = yaml.safe_load((ROOT / "docker/compose.yaml").read_text())["services"]
    given = {name for service in services.values() for name in service.get("environment", {})}
    return [f"compose.yaml sets {name}, which nothing reads" for name in sorted(given - known) if name.startswith("SCANFLEET_")]


def confinement() -> list[str]:
    services = yaml.safe_load((ROOT / "docker/compose.yaml").read_text())["services"]
    return [
        f"compose.yaml: {name} is not restricted"
        for name, service in services.items()
        if not (service.get("read_only") and service.get("cap_drop") == ["ALL"] and service.get("security_opt"))
    ]


problems = settings() + confinement()
raise SystemExit("\n".join(problems) if problems else 0)
