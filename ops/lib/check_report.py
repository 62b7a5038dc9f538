"""Checks the files of a report against ops/schemas, and opens findings.json as the seed's dashboard did.

usage: check_report.py DIRECTORY
The files lie in the directory as they lie below the report's prefix, gzip or not. Prints what is wrong, one line each, then
the counts; exit status 1 where anything is.
"""

import collections
import gzip
import json
import pathlib
import re
import sys

import jsonschema

SCHEMAS = pathlib.Path(__file__).resolve().parents[1] / "schemas"
MOST_PROBLEMS = 20


def read(path):
    data = path.read_bytes()
    return json.loads(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)


def schema_of(name):
    """The schema's name; None for what is no file of the report."""
    if re.fullmatch(r"\d{12}/[a-z0-9-]+\.json", name):
        return "region.schema.json"
    known = name.removesuffix(".json") + ".schema.json"
    return known if "/" not in name and (SCHEMAS / known).exists() else None


def validate(directory):
    """Yields problems; counts the files by schema."""
    counts = collections.Counter()
    validators = {}
    for path in sorted(directory.rglob("*.json")):
        name = str(path.relative_to(directory))
        schema = schema_of(name)
        if schema is None:
            yield f"{name}: no schema describes it"
            continue
        if schema not in validators:
            described = json.loads((SCHEMAS / schema).read_text())
            jsonschema.Draft202012Validator.check_schema(described)
            validators[schema] = jsonschema.Draft202012Validator(described)
        counts[schema] += 1
        for error in validators[schema].iter_errors(read(path)):
            yield f"{name}: {error.json_path}: {error.message[:200]}"
    print(", ".join(f"{count} {schema}" for schema, count in sorted(counts.items())))


class SeedPage:
    """What the seed's page shows: vulnerabilities with counts, worst first, and the images that one of them is in.

    It reads every member by the seed's name and knows no others, as the page's code did.
    """

    SEVERITIES = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED"]

    def __init__(self, document):
        self.accounts = document["accounts"]
        self.vulnerabilities = document["vulnerabilities"]
        self.updated = document["updated_at"]

    def left(self):
        """The list on the left, by severity."""
        groups = collections.OrderedDict((severity, []) for severity in self.SEVERITIES)
        for name, entry in self.vulnerabilities.items():
            cve = entry["cve"]
            groups.setdefault(cve["Severity"], []).append((cve["Name"], entry["count"]))
            if cve["Name"] != name:
                raise ValueError(f"{name} is called {cve['Name']}")
        return groups

    def images(self):
        """The tree, flat."""
        for account in self.accounts:
            for region in account["regions"]:
                for repository in region["repositories"]:
                    for image in repository["images"]:
                        place = [account["account_name"], account["account_id"], region["region"], repository["name"]]
                        yield place + [image["tag"], image["digest"]], image["cves"]

    def shown(self, name):
        """A click on one: its text, and the images it is in."""
        cve = self.vulnerabilities[name]["cve"]
        text = [cve["Description"], cve["Uri"]] + [f"{pair['Key']}: {pair['Value']}" for pair in cve["Attributes"]]
        return text, [place for place, cves in self.images() if name in cves]


def open_as_seed(directory):
    """Yields what would be wrong on the seed's page."""
    page = SeedPage(read(directory / "findings.json"))
    counted = collections.Counter(name for _, cves in page.images() for name in cves)
    listed = {name: count for group in page.left().values() for name, count in group}
    for name in sorted(set(counted) | set(listed)):
        if counted[name] != listed.get(name):
            yield f"{name}: {listed.get(name)} on the left, {counted[name]} in the tree"
    for name in sorted(listed)[:50]:
        if len(page.shown(name)[1]) != listed[name]:
            yield f"{name}: a click shows {len(page.shown(name)[1])} images, not {listed[name]}"
    print(f"the seed's page: {len(listed)} vulnerabilities, {sum(1 for _ in page.images())} entries, {page.updated}")


def main():
    directory = pathlib.Path(sys.argv[1])
    problems = list(validate(directory)) + list(open_as_seed(directory))
    for problem in problems[:MOST_PROBLEMS]:
        print(problem)
    if problems:
        sys.exit(f"{len(problems)} problems")


if __name__ == "__main__":
    main()
