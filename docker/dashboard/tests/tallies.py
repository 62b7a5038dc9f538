"""Sums over parts of a made report, as the index holds them."""

import random
from collections import Counter
from typing import Any

from vocabulary import CLASSES, NAMES


def account_name(number: int) -> str:
    return f"{NAMES[number % len(NAMES)]}-{('prod', 'staging', 'dev')[number // len(NAMES) % 3]}" + (
        f"-{number}" if number > 44 else ""
    )


def obstacle(state: str, reason: str) -> dict[str, Any]:
    return {"state": state, "reason": reason, "at": None}


def summary(repository: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    images = repository["images"]
    gaps = [
        {"digest": i["digest"], "tags": i["tags"]} | i["coverage"]
        for i in images
        if i["coverage"]["state"] != "scanned"
    ]
    coverage = Counter(image["coverage"]["state"] for image in images)
    findings = Counter(row[1] for image in images for row in image["findings"])
    return {
        "name": repository["name"],
        "images_beyond_limit": 12 if chance.random() < 0.02 else 0,
        "images_out_of_scope": 0,
        "obstacle": None,
        "not_judged": gaps,
        "images": len(images),
        "judged": coverage["scanned"],
        "coverage": dict(coverage),
        "findings": dict(findings),
    }


def totals(parts: list[dict[str, Any]]) -> dict[str, Any]:
    coverage: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    for part in parts:
        coverage.update(part["coverage"])
        findings.update(part["findings"])
    return {
        "images": coverage.total(),
        "judged": coverage["scanned"],
        "coverage": dict(coverage),
        "findings": dict(findings),
    }


def worst_counts(files: dict[str, Any]) -> dict[str, int]:
    """Images by the worst that they have, as the history counts them."""
    counts = dict.fromkeys([*CLASSES.values(), "other", "clean", "not_judged"], 0)
    for file in files.values():
        for repository in file.get("repositories", []):
            for image in repository["images"]:
                findings = image["findings"]
                judged = image["coverage"]["state"] == "scanned"
                counts[CLASSES.get(findings[0][1], "other") if findings else "clean" if judged else "not_judged"] += 1
    return counts
