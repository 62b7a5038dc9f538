"""Signs the requests in a file, one JSON object a line, with botocore, and prints their Authorization headers."""

import datetime
import json
import sys

import botocore.auth
import botocore.awsrequest
import botocore.credentials


def authorization(case):
    moment = datetime.datetime.strptime(case["date"], "%Y%m%dT%H%M%SZ")
    # botocore asks for the time itself.
    botocore.auth.get_current_datetime = lambda *arguments, **options: moment
    request = botocore.awsrequest.AWSRequest(
        method=case["method"], url=case["url"], data=case["body"].encode()
    )
    for name, value in case["headers"]:
        request.headers.add_header(name, value)
    keys = botocore.credentials.Credentials("AKIDEXAMPLE", case["secret"], case.get("token"))
    kind = botocore.auth.S3SigV4Auth if case["service"] == "s3" else botocore.auth.SigV4Auth
    kind(keys, case["service"], case["region"]).add_auth(request)
    return request.headers["Authorization"]


with open(sys.argv[1]) as cases:
    for line in cases:
        print(authorization(json.loads(line)))
