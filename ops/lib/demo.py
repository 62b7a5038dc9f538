"""Compares what the demo's fleet published with what the simulator says is there, and shows both to a person.

usage: demo.py wait|check|told|news|show ENDPOINT DIRECTORY
  wait   until the report is as new as the last sweep (at most two minutes)
  check  that report and truth agree image by image and finding by finding, and remember the state
  told   waits until Hubot hears no more, and remembers how much it heard
  news   that Hubot was told exactly what changed since `check` and `told`, once
  show   findings per account and severity, what could not be judged and why, and the messages
Exit status 1 where something differs. Credentials come from the environment, as the fleet's own do.
"""

import gzip
import json
import os
import pathlib
import sys
import time
import urllib.request

import boto3

SEVERITIES = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL"]
SERIOUS = {"CRITICAL", "HIGH"}


def page(endpoint, path):
    with urllib.request.urlopen(endpoint + path, timeout=60) as answer:
        return json.load(answer)


class Report:
    """The files on S3."""

    def __init__(self):
        self.s3 = boto3.client("s3")
        self.bucket = os.environ["SCANFLEET_BUCKET"]

    def read(self, name):
        answer = self.s3.get_object(Bucket=self.bucket, Key="findings/" + name)
        return json.loads(gzip.decompress(answer["Body"].read()))

    def images(self):
        """Every image by (account, region, repository, digest): state, tags, findings."""
        found = {}
        for account in self.read("index.json")["accounts"]:
            for region in account["regions"]:
                if region["obstacle"]:
                    continue
                for repository in self.read(region["file"])["repositories"]:
                    for image in repository["images"]:
                        key = (account["id"], region["region"], repository["name"], image["digest"])
                        rows = {(r[0], r[2], r[3], r[1], r[4], r[5]) for r in image["findings"]}
                        found[key] = (image["coverage"]["state"], tuple(sorted(image["tags"])), frozenset(rows))
        return found

    def obstacles(self):
        found = {}
        for account in self.read("index.json")["accounts"]:
            if account["obstacle"]:
                found[account["id"]] = account["obstacle"]
            for region in account["regions"]:
                if region["obstacle"]:
                    found[account["id"] + "/" + region["region"]] = region["obstacle"]
        return found


def true_images(truth):
    found = {}
    for account in truth["accounts"]:
        for region in account["regions"] if not account["obstacle"] else []:
            for repository in region["repositories"] if not region["obstacle"] else []:
                tags = {image["digest"]: image["tags"] for image in repository["images"]}
                for image in repository["images"]:
                    if image["kind"] != "image" or repository["vanished"]:
                        continue
                    inherited = [tag for index in image["indexes"] for tag in tags.get(index, [])]
                    rows = {
                        (f["vulnerability"], f["package"], f["version"], f["severity"], f["fixed_version"], f["score"])
                        for f in image["findings"]
                    }
                    key = (account["id"], region["region"], repository["name"], image["digest"])
                    found[key] = (
                        image["coverage"]["state"],
                        tuple(sorted(set(image["tags"]) | set(inherited))),
                        frozenset(rows),
                    )
    return found


def true_obstacles(truth):
    found = {}
    for account in truth["accounts"]:
        if account["obstacle"]:
            found[account["id"]] = account["obstacle"]
        for region in account["regions"]:
            if region["obstacle"]:
                found[account["id"] + "/" + region["region"]] = region["obstacle"]
    return found


def wait(endpoint, _):
    """The report names its sweeps; the newest collect among them must be the newest that there is, and complete."""
    newest = os.environ["DEMO_SWEEP"]
    report = Report()
    deadline = time.time() + 120
    while time.time() < deadline:
        try:
            sweeps = {sweep["id"]: sweep["complete"] for sweep in report.read("index.json")["sweeps"]}
            if sweeps.get(newest):
                return 0
        except report.s3.exceptions.NoSuchKey:
            pass
        time.sleep(0.5)
    print(f"the report does not know that {newest} is complete")
    return 1


def check(endpoint, directory):
    truth = page(endpoint, "/_truth")
    report = Report()
    stored, real = report.images(), true_images(truth)
    missing, invented = real.keys() - stored.keys(), stored.keys() - real.keys()
    wrong = [key for key in real.keys() & stored.keys() if real[key] != stored[key]]
    for title, keys in [("missing", missing), ("not there", invented), ("wrong", wrong)]:
        for key in sorted(keys)[:10]:
            print(title, "/".join(key), stored.get(key, ("-",))[0], real.get(key, ("-",))[0])
    states = {place: obstacle["state"] for place, obstacle in report.obstacles().items()}
    gone = true_obstacles(truth)
    if states != gone:
        print("obstacles differ:", sorted(states.items() ^ gone.items()))
    findings = sum(len(image[2]) for image in stored.values())
    largest = max(len(image[2]) for image in stored.values())
    print(
        f"{len(stored)} images with {findings} findings published, {len(real)} there; "
        f"{len(missing)} missing, {len(invented)} invented, {len(wrong)} wrong; the largest image has {largest} findings"
    )
    serious = {key: sorted(row[:3] for row in image[2] if row[3] in SERIOUS) for key, image in real.items()}
    state = [[list(key), rows, real[key][0]] for key, rows in serious.items()]
    pathlib.Path(directory, "before.json").write_text(json.dumps(state))
    return 1 if missing or invented or wrong or states != gone else 0


def announced(endpoint):
    told = []
    for message in page(endpoint, "/_hubot")["messages"]:
        event = message["body"]["event"]
        # A message may tell several things; news of vulnerabilities names each image's place beside the image.
        for part in event.get("events", [event]):
            if part["kind"] not in ("images", "vulnerabilities"):
                continue
            for image in part["images"]:
                place = {**part, **image}
                key = (place["account"], place["region"], place["repository"], image["digest"])
                if image.get("occasion") == "removed":
                    told.append((key, "removed", None))
                    continue
                told += [(key, c["change"], (c["id"], c["package"], c["version"])) for c in image["changes"]]
    return told


def news(endpoint, directory):
    before = {
        tuple(key): {tuple(row) for row in rows}
        for key, rows, _ in json.loads(pathlib.Path(directory, "before.json").read_text())
    }
    after = true_images(page(endpoint, "/_truth"))
    expected = set()
    for key in before.keys() | after.keys():
        if key not in after:
            if before[key]:
                expected.add((key, "removed", None))
            continue
        if after[key][0] != "scanned":
            continue
        now = {row[:3] for row in after[key][2] if row[3] in SERIOUS}
        was = before.get(key, set())
        expected |= {(key, "opened", row) for row in now - was} | {(key, "resolved", row) for row in was - now}
    already = json.loads(pathlib.Path(directory, "told.json").read_text())
    deadline = time.time() + 60
    while True:
        told = announced(endpoint)[already:]
        if set(told) >= expected or time.time() > deadline:
            break
        time.sleep(0.5)
    time.sleep(2)
    told = announced(endpoint)[already:]
    twice = len(told) - len(set(told))
    unexpected, untold = set(told) - expected, expected - set(told)
    for title, entries in [("told without cause", unexpected), ("not told", untold)]:
        for entry in sorted(entries, key=str)[:10]:
            print(title, entry)
    print(f"{len(expected)} changes to tell, {len(told)} told; {len(untold)} not told, {len(unexpected)} without cause, {twice} twice")
    return 1 if unexpected or untold or twice else 0


def told(endpoint, directory):
    """Remembers how much has been told, once no more comes."""
    last = -1
    while True:
        count = len(page(endpoint, "/_hubot")["messages"])
        if count == last:
            break
        last = count
        time.sleep(3)
    pathlib.Path(directory, "told.json").write_text(json.dumps(len(announced(endpoint))))
    return 0


def show(endpoint, _):
    report = Report()
    index = report.read("index.json")
    counts, states = {}, {}
    for key, (state, _tags, rows) in report.images().items():
        states[state] = states.get(state, 0) + 1
        row = counts.setdefault(key[0], {"images": 0})
        row["images"] += 1
        for finding in rows:
            row[finding[3]] = row.get(finding[3], 0) + 1
    print(f"{'account':14} {'name':14} {'images':>7} " + " ".join(f"{severity:>13}" for severity in SEVERITIES))
    for account in index["accounts"]:
        row = counts.get(account["id"], {"images": 0})
        cells = " ".join(f"{row.get(severity, 0):13}" for severity in SEVERITIES)
        print(f"{account['id']:14} {account['name'][:14]:14} {row['images']:7} {cells}")
    print("\ncoverage: " + ", ".join(f"{state} {count}" for state, count in sorted(states.items())))
    for place, obstacle in sorted(report.obstacles().items()):
        print(f"not looked into: {place}: {obstacle['state']}: {obstacle['reason']}")
    for account in index["accounts"]:
        for region in account["regions"]:
            for repository in region["repositories"]:
                for image in repository["not_judged"]:
                    if image["state"] not in ("unsupported", "waiting"):
                        place = f"{account['id']}/{region['region']}/{repository['name']}@{image['digest'][:19]}"
                        print(f"not judged: {place}: {': '.join(filter(None, (image['state'], image.get('reason'))))}")
    messages = page(endpoint, "/_hubot")["messages"]
    print(f"\n{len(messages)} messages to Hubot, the last three:")
    for message in messages[-3:]:
        print("  | " + message["body"]["message"].replace("\n", "\n  | ")[:900])
    return 0


COMMANDS = {"wait": wait, "check": check, "told": told, "news": news, "show": show}
sys.exit(COMMANDS[sys.argv[1]](sys.argv[2], sys.argv[3]))
