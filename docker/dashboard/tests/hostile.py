"""Texts that want to be more than text, in every field of a report that AWS or a developer fills."""

from typing import Any

SCRIPT = "<img src=x onerror=\"window.stolen='img'\"><script>window.stolen='script'</script>"
TEMPLATE = "{{constructor.constructor('window.stolen=1')()}}${window.stolen=1}"
BREAKOUT = "\"'><svg/onload=window.stolen='svg'>\u202e\u0000"
FORMULA = '=HYPERLINK("http://127.0.0.1/"&A1)'
LINK = "javascript:window.stolen='link'"
ID = f"CVE-2026-{BREAKOUT}&id=x#/%2f"
DIGEST = "sha256:" + "ab" * 32
REPOSITORY = "team/" + SCRIPT


def poison(files: dict[str, Any]) -> str:
    """Adds a hostile vulnerability, repository and gap to the first registry with images; returns its file's name."""
    file = next(name for name in files if "/" in name and files[name]["repositories"])
    registry = files[file]
    finding = [ID, BREAKOUT, FORMULA, SCRIPT, TEMPLATE, 9.9]
    image = {
        "digest": DIGEST,
        "tags": [SCRIPT, FORMULA],
        "pushed_at": "<b>never</b>",
        "coverage": {"state": "scanned", "reason": SCRIPT, "at": None},
        "findings": [finding],
    }
    registry["repositories"].append({"name": REPOSITORY, "images": [image]})
    entry = {
        "severity": BREAKOUT,
        "images": 1,
        "title": SCRIPT,
        "description": f"{SCRIPT}\n{TEMPLATE}",
        "link": LINK,
        "attributes": [[SCRIPT, TEMPLATE]],
        "packages": [FORMULA, SCRIPT],
        "fixable_images": 1,
        "first_seen": SCRIPT,
        "score": None,
    }
    names = files["vulnerabilities.json"]["registries"]
    files["vulnerabilities.json"]["vulnerabilities"][ID] = entry | {
        "places": [[names.index(file.removesuffix(".json")), 1]]
    }
    index = files["index.json"]
    index["organization"] = SCRIPT
    for account in index["accounts"]:
        account["name"] = account["name"] if account["id"] != registry["account"] else SCRIPT
        for region in account["regions"]:
            if region["file"] == file:
                gap = {
                    "digest": DIGEST,
                    "tags": [SCRIPT],
                    "state": SCRIPT,
                    "reason": f"{SCRIPT} {TEMPLATE}",
                    "at": None,
                }
                region["repositories"].append(
                    {
                        "name": REPOSITORY,
                        "images_beyond_limit": 0,
                        "obstacle": {"state": "failed", "reason": BREAKOUT, "at": None},
                        "not_judged": [gap],
                        "images": 2,
                        "judged": 1,
                        "coverage": {"scanned": 1, SCRIPT: 1},
                        "findings": {BREAKOUT: 1},
                    }
                )
    return file
