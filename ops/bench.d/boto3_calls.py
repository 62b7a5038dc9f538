"""The same calls by boto3, one client and a thread for each call in flight: boto3_calls.py URL IN-FLIGHT CALLS"""

import json
import re
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    url, in_flight, calls = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    client = boto3.client(
        "ecr",
        endpoint_url=url,
        region_name="eu-central-1",
        aws_access_key_id="ASIABENCHMARK",
        aws_secret_access_key="secret",
        aws_session_token="token" * 100,
        config=Config(max_pool_connections=in_flight),
    )

    def lane(share):
        for _ in range(share):
            client.describe_image_scan_findings(
                registryId="123456789012",
                repositoryName="team/service",
                imageId={"imageDigest": "sha256:" + "0a" * 32},
                maxResults=1000,
            )

    def perform(total):
        shares = [total // in_flight + (index < total % in_flight) for index in range(in_flight)]
        list(pool.map(lane, shares))

    with ThreadPoolExecutor(in_flight) as pool:
        perform(2 * in_flight)
        began, spent = time.monotonic(), cpu_seconds()
        perform(calls)
        usage = {"calls": calls, "seconds": time.monotonic() - began, "cpu": cpu_seconds() - spent}
    with open("/proc/self/status", encoding="ascii") as status:
        usage["peak_kib"] = int(re.search(r"VmHWM:\s*(\d+)", status.read())[1])
    print(json.dumps(usage))


main()
