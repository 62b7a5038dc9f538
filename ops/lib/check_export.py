"""Checks exports: SARIF's structure, and ASFF against AWS' own model of BatchImportFindings and Security Hub's limits.

usage: check_export.py sarif|asff FILE
Prints what was found; exit status 1 with the reason where something is wrong.
"""

import json
import re
import sys
import urllib.parse

import botocore.session
import botocore.validate

LIMITS = {"Id": 512, "Title": 256, "Description": 1024, "GeneratorId": 512, "SourceUrl": 2048}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
LABELS = {"INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"}


def expect(condition, what):
    if not condition:
        raise SystemExit(what)


def check_sarif(path):
    """The parts of the standard's schema that a document of ours can hurt."""
    document = json.load(open(path))
    expect(document["version"] == "2.1.0" and document["$schema"].endswith("sarif-2.1.0.json"), "not SARIF 2.1.0")
    (run,) = document["runs"]
    expect(set(run) == {"tool", "results"}, f"run has {set(run)}")
    driver = run["tool"]["driver"]
    expect(set(driver) == {"name", "version", "rules"}, f"driver has {set(driver)}")
    ids = [rule["id"] for rule in driver["rules"]]
    expect(len(ids) == len(set(ids)), "a rule stands twice")
    for rule in driver["rules"]:
        expect(set(rule) <= {"id", "shortDescription", "helpUri", "properties"}, f"rule has {set(rule)}")
        expect(rule["shortDescription"]["text"], f"{rule['id']} has no text")
        severity = rule.get("properties", {}).get("security-severity", "0")
        expect(isinstance(severity, str) and 0 <= float(severity) <= 10, f"{rule['id']}: severity {severity}")
    members = {"ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints", "properties"}
    fingerprints = set()
    for result in run["results"]:
        expect(set(result) == members, f"result has {set(result)}")
        expect(ids[result["ruleIndex"]] == result["ruleId"], "an index points to another rule")
        expect(result["level"] in {"error", "warning", "note"}, f"level {result['level']}")
        expect(result["message"]["text"], "a result without a message")
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        expect(urllib.parse.urlsplit(uri).scheme == "oci", f"{uri} is no URI")
        fingerprints |= set(result["partialFingerprints"].values())
        expect(all(isinstance(value, str) for value in result["partialFingerprints"].values()), "a fingerprint is no text")
    expect(len(fingerprints) == len(run["results"]), "two results have one fingerprint")
    print(f"{len(run['results'])} results, {len(ids)} rules")


def check_asff(path):
    """Each line as Security Hub would take it."""
    model = botocore.session.get_session().get_service_model("securityhub")
    shape = model.operation_model("BatchImportFindings").input_shape
    seen = set()
    lines = 0
    for line in open(path):
        lines += 1
        request = json.loads(line)
        report = botocore.validate.ParamValidator().validate(request, shape)
        expect(not report.has_errors(), report.generate_report())
        findings = request["Findings"]
        expect(1 <= len(findings) <= 100, f"{len(findings)} findings in a request")
        senders = {(finding["AwsAccountId"], finding["Resources"][0]["Region"]) for finding in findings}
        expect(len(senders) == 1, f"one request for {senders}")
        for finding in findings:
            check_finding(finding, *senders.copy().pop())
            expect(finding["Id"] not in seen, f"{finding['Id']} stands twice")
            seen.add(finding["Id"])
    print(f"{len(seen)} findings, {lines} requests")


def check_finding(finding, account, region):
    for member, limit in LIMITS.items():
        if member in finding:
            expect(1 <= len(finding[member].encode()) <= limit, f"{member} has {len(finding[member])} bytes")
    expect(len(json.dumps(finding).encode()) <= 240_000, "a finding of more than 240 KB")
    expect(finding["SchemaVersion"] == "2018-10-08", "schema version")
    product = rf"arn:aws[a-z-]*:securityhub:{region}:{account}:product/{account}/default"
    expect(re.fullmatch(product, finding["ProductArn"]), finding["ProductArn"])
    for member in ("CreatedAt", "UpdatedAt"):
        expect(TIME.fullmatch(finding[member]), f"{member} is {finding[member]}")
    expect(finding["CreatedAt"] <= finding["UpdatedAt"], "updated before it was created")
    expect(finding["FindingProviderFields"]["Severity"]["Label"] in LABELS, "an unknown severity label")
    expect(not {"Workflow", "Note", "UserDefinedFields", "VerificationState"} & set(finding), "what only customers set")


if __name__ == "__main__":
    {"sarif": check_sarif, "asff": check_asff}[sys.argv[1]](sys.argv[2])
