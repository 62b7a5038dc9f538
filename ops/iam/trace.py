"""Traces every action of the policies to a call of the fleet that is refused without it.

usage: trace.py BIN     BIN is the folder of scanfleet and scanfleet-simulator
1. A small fleet runs against the simulator; what each role calls is read from its own metrics.
2. For each policy, each of its actions is removed in turn, and moto's authorization is asked whether the role's calls
   still pass: the call must pass with the whole policy and be refused without the action.
3. What moto cannot authorize, the simulator refuses to the fleet itself.
Exit status 1 where an action is superfluous, a call is not allowed, or a removal goes unnoticed.
"""

import json
import pathlib
import re
import sys
import tempfile
import time

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws, settings
from moto.core.responses import ActionAuthenticatorMixin

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
from fleet import Fleet, page  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent
ACCOUNT, REGION, BUCKET, TABLE = "123456789012", "us-east-1", "scanfleet-report", "scanfleet"
WORDS = {"FLEET_ACCOUNT": ACCOUNT, "ORGANIZATION_ID": "o-abc123", "REGION": REGION, "BUCKET": BUCKET}
# Which roles use a policy.
USERS = {
    "coordinator": ["coordinator"],
    "organization": ["coordinator"],
    "worker": ["worker"],
    "aggregator": ["aggregator"],
    "init": ["init"],
    "member-permissions": ["coordinator", "worker"],
}
# Calls that the run below gives no occasion for; the fleet's own tests do.
RARE = {
    "organizations:ListRoots",
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListTagsForResource",
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetObject",
}
# What `scanfleet init` calls only on a table that was made before tables had a version.
UPGRADE = {("init", "dynamodb:Query")}
# ECR asks Inspector for what it answers, with the caller's permissions; nobody calls these.
BY_AWS_ITSELF = "inspector2:"

KEY = {"PK": {"S": "a"}, "SK": {"S": "b"}}
IMAGE = {"imageDigest": "sha256:" + "0" * 64}
QUERY = {"KeyConditionExpression": "PK = :p", "ExpressionAttributeValues": {":p": {"S": "a"}}}
SCHEMA = {
    "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "PK", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
# The fleet's calls as boto3 makes them, where moto authorizes by the right action.
CALLS = {
    "dynamodb:BatchGetItem": {"RequestItems": {TABLE: {"Keys": [KEY]}}},
    "dynamodb:BatchWriteItem": {"RequestItems": {TABLE: [{"PutRequest": {"Item": KEY}}]}},
    "dynamodb:DeleteItem": {"TableName": TABLE, "Key": KEY},
    "dynamodb:PutItem": {"TableName": TABLE, "Item": KEY},
    "dynamodb:GetItem": {"TableName": TABLE, "Key": KEY},
    "dynamodb:Query": {"TableName": TABLE} | QUERY,
    "dynamodb:DescribeTable": {"TableName": TABLE},
    "dynamodb:CreateTable": {"TableName": TABLE} | SCHEMA,
    "sts:AssumeRole": {"RoleArn": "arn:aws:iam::222222222222:role/ScanfleetMember", "RoleSessionName": "scanfleet"},
    "s3:PutObject": {"Bucket": BUCKET, "Key": "findings/index.json", "Body": b""},
    "s3:GetObject": {"Bucket": BUCKET, "Key": "findings/index.json"},
    "s3:DeleteObject": {"Bucket": BUCKET, "Key": "findings/index.json"},
    "s3:AbortMultipartUpload": {"Bucket": BUCKET, "Key": "findings/index.json", "UploadId": "upload"},
    "organizations:ListAccounts": {},
    "organizations:ListRoots": {},
    "organizations:ListAccountsForParent": {"ParentId": "r-abcd"},
    "organizations:ListOrganizationalUnitsForParent": {"ParentId": "r-abcd"},
    "organizations:ListTagsForResource": {"ResourceId": ACCOUNT},
    "ecr:BatchGetImage": {"repositoryName": "team/app", "imageIds": [IMAGE]},
    "ecr:DescribeImages": {"repositoryName": "team/app"},
    "ecr:DescribeImageScanFindings": {"repositoryName": "team/app", "imageId": IMAGE},
    "ecr:DescribeRepositories": {},
    "ecr:GetRegistryScanningConfiguration": {},
    "ecr:StartImageScan": {"repositoryName": "team/app", "imageId": IMAGE},
}
# moto has no such call, or asks for another action: the simulator refuses these to the fleet itself.
BY_SIMULATOR = {
    "s3:ListBucket": ("s3", "HeadBucket"),
    "dynamodb:DescribeStream": ("streams", "DescribeStream"),
    "dynamodb:GetShardIterator": ("streams", "GetShardIterator"),
    "dynamodb:GetRecords": ("streams", "GetRecords"),
    "account:ListRegions": ("account", "ListRegions"),
    "dynamodb:ConditionCheckItem": ("dynamodb", "TransactWriteItems"),
}
# A transaction asks permission for each kind of its parts.
TRANSACTION = {"dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem"}


def action_of(service: str, operation: str) -> str | None:
    """The action that a call asks permission for; nil where it needs none."""
    match service, operation:
        case _, "GetCallerIdentity":
            return None
        case _, "HeadBucket" | "ListObjectsV2":
            return "s3:ListBucket"
        case _, "CreateMultipartUpload" | "UploadPart" | "CompleteMultipartUpload":
            return "s3:PutObject"
        case "streams" | "dynamodb_streams", _:
            return f"dynamodb:{operation}"
        case _:
            return f"{service}:{operation}"


def policies() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for path in sorted(FOLDER.glob("*.json")):
        if path.stem != "member-trust":
            text = path.read_text()
            for word, value in WORDS.items():
                text = text.replace(word, value)
            found[path.stem] = json.loads(text)
    return found


def actions(policy: dict[str, object]) -> list[str]:
    return [action for statement in policy["Statement"] for action in statement["Action"]]


def without(policy: dict[str, object], action: str) -> dict[str, object]:
    kept = [
        statement | {"Action": [a for a in statement["Action"] if a != action]} for statement in policy["Statement"]
    ]
    return policy | {"Statement": [statement for statement in kept if statement["Action"]]}


def calls_in(metrics: str) -> set[str]:
    pairs = re.findall(r'scanfleet_aws_requests_total{service="(\w+)",operation="(\w+)"', metrics)
    called = {action for pair in pairs if (action := action_of(*pair))}
    transaction = "dynamodb:TransactWriteItems"
    return called - {transaction} | TRANSACTION if transaction in called else called


def journal(endpoint: str) -> list[dict[str, object]]:
    return json.loads(page(endpoint, "/_calls"))


def observe(fleet: Fleet, endpoint: str) -> dict[str, set[str]]:
    """What each role calls in a scan and some collects with changes between them."""
    fleet.run("init").check_returncode()
    called = {"init": {a for c in journal(endpoint) if (a := action_of(c["service"], c["operation"]))}}
    addresses = {name: fleet.start_role(name) for name in ["worker", "aggregator", "coordinator"]}
    sweep(fleet, "scan")
    wanted = {name: set(actions(policies()[name])) - RARE for name in addresses}
    # Every change gives workers and aggregator something to do.
    for seed in range(2, 22):
        sweep(fleet, "collect")
        page(endpoint, f"/_change?seed={seed}&kind=delete", b"")
        page(endpoint, f"/_change?seed={seed}", b"")
        for name, address in addresses.items():
            called[name] = calls_in(page(f"http://{address}", "/metrics"))
        if all(wanted[name] <= called[name] for name in addresses):
            break
        time.sleep(2)
    return called


def sweep(fleet: Fleet, kind: str) -> None:
    status = fleet.run("sweep", kind, "--wait").returncode
    if status not in (0, 3):
        sys.exit(f"the {kind} sweep ended with {status}")


class Authority:
    """moto's authorization, asked with users of which each has one policy."""

    def __init__(self) -> None:
        self.users = 0
        settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")
        self.iam = boto3.client("iam", REGION)

    def refuses(self, policy: dict[str, object], action: str) -> bool:
        settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")
        self.users += 1
        name = f"user-{self.users}"
        self.iam.create_user(UserName=name)
        # moto asks whether DynamoDB's and other JSON services' actions are allowed on everything, and on nothing else.
        wide = [statement | {"Resource": "*"} for statement in policy["Statement"]]
        policy = policy | {
            "Statement": [s if s["Action"][0].startswith("s3:") else w for s, w in zip(policy["Statement"], wide)]
        }
        if policy["Statement"]:
            self.iam.put_user_policy(UserName=name, PolicyName="policy", PolicyDocument=json.dumps(policy))
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
        ActionAuthenticatorMixin.request_count = 0
        service, operation = action.split(":")
        client = boto3.client(
            service, REGION, aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]
        )
        try:
            client._make_api_call(operation, CALLS[action])
        except ClientError as error:
            return "AccessDenied" in str(error)
        return False


def denied_by_simulator(fleet: Fleet, endpoint: str, service: str, operation: str) -> bool:
    """Whether the fleet's own call is refused where the simulator denies it."""
    page(endpoint, f"/_fail?clear=1&service={service}&operation={operation}&deny=1", b"")
    if service == "account":
        fleet.run("sweep", "collect", SCANFLEET_REGIONS="auto")
    elif service == "s3":
        fleet.run("init")
    elif operation == "TransactWriteItems":
        page(endpoint, "/_change?seed=99", b"")
        sweep(fleet, "collect")
    else:
        # An aggregator of another fleet has its own lead, and begins at once.
        fleet.start_role(f"aggregator-{operation}", SCANFLEET_FLEET=f"trace-{operation}")
    refused = False
    for _ in range(240):
        outcomes = [str(call["outcome"]) for call in journal(endpoint) if call["operation"] == operation]
        refused = any("Denied" in outcome or outcome == "403" for outcome in outcomes)
        if refused:
            break
        time.sleep(0.5)
    page(endpoint, "/_fail?clear=1", b"")
    return refused


def main() -> int:
    problems: list[str] = []
    with (
        tempfile.TemporaryDirectory(prefix="scanfleet-trace.") as name,
        Fleet(pathlib.Path(sys.argv[1]), pathlib.Path(name)) as fleet,
    ):
        endpoint = fleet.start_services(
            SCANFLEET_REGIONS="auto",
            SCANFLEET_SCAN_SCHEDULE="24h",
            SCANFLEET_COLLECT_SCHEDULE="24h",
            SCANFLEET_IMAGES_PER_REPOSITORY="0",
        )
        called = observe(fleet, endpoint)
        denied = {action: denied_by_simulator(fleet, endpoint, *call) for action, call in BY_SIMULATOR.items()}
    print(f"{'policy':20} {'removed':40} {'then refused':50} by")
    with mock_aws():
        authority = Authority()
        for policy_name, policy in policies().items():
            users = [user for user in USERS[policy_name]]
            for action in sorted(actions(policy)):
                if action.startswith(BY_AWS_ITSELF):
                    print(f"{policy_name:20} {action:40} {'(ECR asks Inspector for the caller)':50} not tried")
                    continue
                callers = [user for user in users if action in called[user] or action in RARE or (policy_name, action) in UPGRADE]
                if not callers:
                    problems.append(f"{policy_name}: {action} is superfluous: none of {', '.join(users)} calls it")
                    continue
                if action not in CALLS and action not in BY_SIMULATOR:
                    problems.append(f"{policy_name}: nobody knows how to try {action}; add it to CALLS")
                    continue
                if action in CALLS:
                    noticed = not authority.refuses(policy, action) and authority.refuses(
                        without(policy, action), action
                    )
                    judge = "moto"
                else:
                    noticed, judge = denied[action], "the simulator"
                if not noticed:
                    problems.append(f"{policy_name}: without {action} nothing is refused, or it is refused with it")
                operation = BY_SIMULATOR.get(action, action.split(":"))[1]
                print(f"{policy_name:20} {action:40} {operation + ' of ' + ', '.join(callers):50} {judge}")
    for role, calls in called.items():
        allowed = {a for name, users in USERS.items() if role in users for a in actions(policies()[name])}
        for action in sorted(calls - allowed):
            problems.append(f"{role} calls {action}, and no policy of it allows that")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


sys.exit(main())
