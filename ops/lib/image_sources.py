"""Checks what the images are built from: the lock holds every package, the compose file's settings exist."""

import json
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def locked() -> list[str]:
    pins = json.loads((ROOT / "Package.resolved").read_text())["pins"]
    names = {pin["location"].removesuffix(".git") for pin in pins}
    wanted = set(re.findall(r'\.package\(url: "([^"]+)"', (ROOT / "Package.swift").read_text()))
    return [f"Package.resolved has no {url}: swift package resolve" for url in sorted(wanted - names)]


def settings() -> list[str]:
    source = (ROOT / "Sources/ScanfleetCommands/Configuration/ConfigurationKey.swift").read_text()
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


problems = locked() + settings() + confinement()
raise SystemExit("\n".join(problems) if problems else 0)
