"""Makes a report of any size in the exact shape of the aggregator's files, the same for the same seed.

usage: report.py FOLDER [--images N] [--vulnerabilities N] [--accounts N] [--hostile]   writes the files uncompressed
"""

import argparse
import json
import pathlib
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from tallies import account_name, obstacle, summary, totals, worst_counts
from vocabulary import (
    CLASSES,
    FIELDS,
    GAPS,
    NAMES,
    NO_PERMISSION,
    PACKAGES,
    RANK,
    REGIONS,
    SCORES,
    SERVICES,
    SEVERITIES,
    WORDS,
)


@dataclass
class Size:
    accounts: int = 12
    regions: int = 2
    images: int = 600
    images_per_repository: int = 20
    vulnerabilities: int = 400
    findings: int = 25
    days: int = 60
    seed: int = 1


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Generator:
    def __init__(self, size: Size, now: datetime | None = None) -> None:
        self.size = size
        self.now = now or datetime.now(timezone.utc) - timedelta(minutes=4)
        self.random = random.Random(size.seed)
        self.vulnerabilities = [self.vulnerability(number) for number in range(size.vulnerabilities)]
        self.rows = [self.finding_rows(entry) for entry in self.vulnerabilities]
        self.places: dict[str, Counter[int]] = defaultdict(Counter)
        self.fixable: Counter[str] = Counter()

    def vulnerability(self, number: int) -> dict[str, Any]:
        r = self.random
        severity = r.choices(list(SEVERITIES), list(SEVERITIES.values()))[0]
        low, high = SCORES.get(severity, (0, 0))
        return {
            "id": f"CVE-{r.randint(2018, 2026)}-{10000 + number}",
            "severity": severity,
            "title": None if r.random() < 0.3 else " ".join(r.choices(WORDS, k=6)).capitalize(),
            "description": None
            if r.random() < 0.05
            else " ".join(r.choices(WORDS, k=r.randint(20, 60))).capitalize() + ".",
            "score": round(r.uniform(low, high), 1) if high else None,
            "package": r.choice(PACKAGES),
            "fixed": r.random() < 0.6,
            "first_seen": self.now - timedelta(hours=min(r.expovariate(1 / 900), 9000)),
        }

    def finding_rows(self, entry: dict[str, Any]) -> list[list[Any]]:
        """The same vulnerability in three versions of its package."""
        fixed = "9.9.1-2" if entry["fixed"] else None
        versions = (f"{major}.{self.random.randint(0, 9)}.{self.random.randint(0, 20)}-1" for major in (1, 2, 3))
        return [[entry["id"], entry["severity"], entry["package"], v, fixed, entry["score"], 0] for v in versions]

    def image(self) -> dict[str, Any]:
        r = self.random
        scanned = r.random() < 0.94
        state, reason = ("scanned", None) if scanned else r.choice(GAPS)
        pushed = self.now - timedelta(hours=r.expovariate(1 / 2000))
        at = self.now - timedelta(hours=r.uniform(1, 24)) if scanned else None
        count = (
            0
            if not scanned or r.random() < 0.15
            else min(len(self.rows), max(1, int(r.gauss(1, 0.4) * self.size.findings)))
        )
        # A base image brings a run of neighbours with it, so that images resemble each other as real ones do.
        start = int(r.random() ** 2 * len(self.rows))
        findings = [self.rows[(start + step * step) % len(self.rows)][step % 3] for step in range(count)]
        unique = {(row[0], row[2], row[3]): row for row in findings}
        last_known = {} if scanned or r.random() < 0.5 else {"last_known": [self.rows[start][0]]}
        return {
            "times": [stamp(self.now - timedelta(days=9))],
            "digest": f"sha256:{r.getrandbits(256):064x}",
            "tags": [] if r.random() < 0.1 else [f"{r.randint(1, 9)}.{r.randint(0, 40)}.{r.randint(0, 9)}"],
            "pushed_at": stamp(pushed),
            "coverage": {"state": state, "reason": reason, "at": stamp(at) if at else None},
            "findings": sorted(unique.values(), key=lambda row: (-RANK[row[1]], row[0], row[2])),
        } | last_known

    def repositories(self, images: int) -> list[dict[str, Any]]:
        found = []
        while images > 0:
            count = min(images, max(1, int(self.random.expovariate(1 / self.size.images_per_repository))))
            name = f"{self.random.choice(NAMES)}/{self.random.choice(SERVICES)}-{len(found)}"
            entries = [self.image() for _ in range(count)]
            entries[0]["tags"] = entries[0]["tags"] + ["latest"]
            found.append({"name": name, "images": entries})
            images -= count
        return sorted(found, key=lambda repository: repository["name"])

    def count(self, registry: int, image: dict[str, Any]) -> None:
        fixes: dict[str, bool] = {}
        for row in image["findings"]:
            fixes[row[0]] = fixes.get(row[0], False) or row[4] is not None
        for name, fixable in fixes.items():
            self.places[name][registry] += 1
            self.fixable[name] += fixable

    def files(self) -> dict[str, Any]:
        files: dict[str, Any] = {}
        accounts, registries, copies = [], [], []
        for number in range(self.size.accounts):
            account = {
                "id": f"{100000000000 + number * 7919:012d}",
                "name": account_name(number),
                "state": "ACTIVE",
                "obstacle": None,
            }
            account["regions"] = []
            if number == 3:
                account["obstacle"] = obstacle(
                    "access_denied", "AssumeRole is denied: not authorized to perform: sts:AssumeRole"
                )
            if number == 4:
                account |= {
                    "state": "SUSPENDED",
                    "obstacle": obstacle("account_inactive", "the account's state is SUSPENDED"),
                }
            for region in REGIONS[: self.size.regions] if not account["obstacle"] else []:
                name = f"{account['id']}/{region}.json"
                entry: dict[str, Any] = {"region": region, "scan_type": "BASIC", "file": name, "obstacle": None}
                share = self.size.images // max(1, self.size.regions * (self.size.accounts - 2))
                repositories = self.repositories(share)
                if number == 5 and region == REGIONS[0]:
                    entry["obstacle"], repositories = obstacle("access_denied", NO_PERMISSION.format(account["id"])), []
                # Replication: the newest image of the account's first region again in the next, under the same digest.
                if copies and repositories:
                    repositories[0]["images"].append(copies.pop())
                elif repositories:
                    copies.append(repositories[0]["images"][-1])
                for repository in repositories:
                    for image in repository["images"]:
                        self.count(len(registries), image)
                registries.append(f"{account['id']}/{region}")
                files[name] = {
                    "account": account["id"],
                    "region": region,
                    "fields": FIELDS,
                    "repositories": repositories,
                    "changes": {},
                }
                entry["repositories"] = [summary(repository, self.random) for repository in repositories]
                account["regions"].append(entry | totals(entry["repositories"]))
            accounts.append(account | totals(account["regions"]))
        files["vulnerabilities.json"] = self.vulnerability_file(registries)
        files["history.json"] = self.history(files)
        files["index.json"] = self.index(accounts)
        return files

    def vulnerability_file(self, registries: list[str]) -> dict[str, Any]:
        entries = {}
        for known in sorted(self.vulnerabilities, key=lambda entry: entry["id"]):
            places = self.places.get(known["id"])
            if places:
                entries[known["id"]] = {
                    "severity": known["severity"],
                    "images": sum(places.values()),
                    "title": known["title"],
                    "description": known["description"],
                    "link": f"https://nvd.nist.gov/vuln/detail/{known['id']}",
                    "attributes": [["package_name", known["package"]], ["CVSS2_SCORE", str(known["score"])]],
                    "places": sorted([place, count] for place, count in places.items()),
                    "packages": [known["package"]],
                    "fixable_images": self.fixable[known["id"]],
                    "first_seen": stamp(known["first_seen"]),
                    "score": known["score"],
                }
        return {"generated_at": stamp(self.now), "registries": registries, "vulnerabilities": entries}

    def history(self, files: dict[str, Any]) -> dict[str, Any]:
        images, findings = worst_counts(files), Counter()
        for name, file in files.items():
            for repository in file.get("repositories", []):
                for image in repository["images"]:
                    findings.update(CLASSES.get(row[1], "other") for row in image["findings"])
        days = []
        for back in range(self.size.days - 1, -1, -1):
            scale = (1 + back / 90) * (1 + (self.random.uniform(-0.05, 0.05) if back else 0)) if back else 1
            worse = {
                name: round(count * scale) if name != "clean" else round(count / scale)
                for name, count in images.items()
            }
            resolved = self.random.randint(0, 30)
            days.append(
                {
                    "day": (self.now - timedelta(days=back)).strftime("%Y-%m-%d"),
                    "images": worse,
                    "findings": {name: round(findings[name] * scale) for name in [*CLASSES.values(), "other"]},
                    "vulnerabilities": len(self.places),
                    "opened": self.random.randint(0, 24),
                    "resolved": resolved,
                    "time_to_fix": {"count": resolved, "seconds": resolved * self.random.randint(200_000, 900_000)},
                }
            )
        return {"version": 1, "generated_at": stamp(self.now), "days": days}

    def newest(self) -> list[dict[str, Any]]:
        """The critical ones that came last, as the index itself tells them."""
        critical = [each for each in self.vulnerabilities if each["severity"] == "CRITICAL" and each["id"] in self.places]
        return [
            {
                "id": each["id"],
                "first_seen": stamp(each["first_seen"]),
                "images": sum(self.places[each["id"]].values()),
                "packages": [each["package"]],
                "title": each["title"],
                "score": each["score"],
            }
            for each in sorted(critical, key=lambda each: each["first_seen"], reverse=True)[:8]
        ]

    def index(self, accounts: list[dict[str, Any]]) -> dict[str, Any]:
        sweeps = [
            {
                "id": f"{kind}-{self.now:%Y%m%dT%H0000Z}",
                "kind": kind,
                "total": 40,
                "done": 39,
                "dead": 1,
                "cancelled": 0,
                "complete": True,
                "completed_at": stamp(self.now - timedelta(seconds=20)),
                "completeness": None,
            }
            for kind in ("collect", "scan")
        ]
        blocked = [a for a in accounts if a["obstacle"]] + [r for a in accounts for r in a["regions"] if r["obstacle"]]
        return (
            {
                "version": 1,
                "organization": "o-example",
                "generated_at": stamp(self.now),
                "sweeps": sweeps,
                "accounts": accounts,
            }
            | totals(accounts)
            | {"vulnerabilities": len(self.places), "obstacles": len(blocked), "newest_critical": self.newest()}
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    for name in ("images", "vulnerabilities", "accounts", "findings"):
        parser.add_argument("--" + name, type=int, default=getattr(Size, name))
    options = vars(parser.parse_args())
    folder = options.pop("folder")
    for name, content in Generator(Size(**options)).files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(content, separators=(",", ":")))


if __name__ == "__main__":
    main()
