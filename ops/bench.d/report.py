"""Measures reports of synthetic organizations, built into the simulator's S3, and compares with budgets.

usage: report.py BENCH SIMULATOR [SIZE...]
SIZE is IMAGES:FINDINGS-PER-IMAGE:REGISTRIES. Times are of the processor, since others may use the machine; the ratios are those
of a report after one of a hundred images changed, wherever they lie, and of one after all images of one of a hundred registries
changed, to one that reads everything again.
Exit status 1 where a budget is exceeded.
"""

import json
import subprocess
import sys
import urllib.request

import boto3
import botocore.config

SIZES = ["10000:100:100", "100000:100:300", "1000000:10:1000"]
BUCKET = "scanfleet-report"
MOST_KIB = 150 * 1024
FULL, SOME = "everything, again", ("1 % of images", "1 % of registries")


def sizes_of(url, images):
    """Bytes of the files of one report."""
    config = botocore.config.Config(s3={"addressing_style": "path"})
    client = boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="AKIASIMULATORMANAGEMENT",
        aws_secret_access_key="simulated-secret",
        config=config,
    )
    prefix = f"bench/{images}/"
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
    found = {entry["Key"].removeprefix(prefix): entry["Size"] for page in pages for entry in page.get("Contents", [])}
    regions = [size for name, size in found.items() if name.endswith(".json") and "/" in name]
    parts = sum(size for name, size in found.items() if name.startswith("parts/"))
    own = {name: found[f"{name}.json"] for name in ("index", "findings", "vulnerabilities", "history")}
    return own | {"regions": sum(regions), "largest region": max(regions), "parts": parts}


def megabytes(count):
    return f"{count / 1e6:.2f}" if count < 1e7 else f"{count / 1e6:.0f}"


def measure(bench, url, size):
    images, findings, registries = size.split(":")
    run = subprocess.run([bench, "report", url, images, findings, registries], capture_output=True, text=True, check=True)
    lines = {}
    print(f"\n{int(images):,} images of {findings} findings, {registries} registries")
    for line in run.stdout.splitlines():
        name, built, _, usage = line.split("\t")
        lines[name] = json.loads(usage)
        used = lines[name]
        print(
            f"  {name:20} {int(built):5} registries read, {used['cpu']:7.1f} s CPU, {used['seconds']:7.1f} s,"
            f" peak {used['peak_kib'] / 1024:5.0f} MiB"
        )
    for name in SOME:
        print(f"  {lines[name]['cpu'] / lines[FULL]['cpu']:.3f} of the whole after a change of {name}")
    print("  MB: " + ", ".join(f"{n} {megabytes(s)}" for n, s in sizes_of(url, images).items()))
    return max(line["peak_kib"] for line in lines.values())


def main():
    bench, simulator, *sizes = sys.argv[1:]
    process = subprocess.Popen(
        [simulator, "--port", "0", "--bucket", BUCKET], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        for line in process.stdout:
            if "listening on " in line:
                url = line.split("listening on ")[1].split()[0]
                break
        peaks = [measure(bench, url, size) for size in sizes or SIZES]
    finally:
        process.kill()
        process.wait()
    if max(peaks) > MOST_KIB:
        sys.exit(f"the peak of {max(peaks) / 1024:.0f} MiB exceeds the budget of {MOST_KIB // 1024} MiB")


if __name__ == "__main__":
    main()
