"""Checks that the StackSet's template says what ops/iam says. usage: agree.py"""

import json
import pathlib
import sys

import yaml

HERE = pathlib.Path(__file__).resolve().parent
IAM = HERE.parent / "iam"
PARAMETERS = {
    "CoordinatorRoleArn": "arn:aws:iam::FLEET_ACCOUNT:role/scanfleet-coordinator",
    "WorkerRoleArn": "arn:aws:iam::FLEET_ACCOUNT:role/scanfleet-worker",
    "ExternalId": "EXTERNAL_ID",
    "RoleName": "ScanfleetMember",
    "AWS::NoValue": None,
    "AWS::Partition": "aws",
}
CONDITIONS = {"AsksForExternalId": True, "HasSessionTags": False}


class Template(yaml.SafeLoader):
    """CloudFormation's short forms, with the parameters above filled in."""


def reference(loader: Template, node: yaml.ScalarNode) -> object:
    return PARAMETERS[loader.construct_scalar(node)]


def choice(loader: Template, node: yaml.SequenceNode) -> object:
    condition, when, otherwise = loader.construct_sequence(node, deep=True)
    return when if CONDITIONS[condition] else otherwise


def substitution(loader: Template, node: yaml.SequenceNode) -> str:
    text, given = loader.construct_sequence(node, deep=True)
    for name, value in (PARAMETERS | given).items():
        text = text.replace(f"${{{name}}}", str(value))
    return text


def selection(loader: Template, node: yaml.SequenceNode) -> str:
    place, (separator, text) = loader.construct_sequence(node, deep=True)
    return text.split(separator)[int(place)]


def pair(loader: Template, node: yaml.SequenceNode) -> list[object]:
    return loader.construct_sequence(node, deep=True)


Template.add_constructor("!Ref", reference)
Template.add_constructor("!Sub", substitution)
Template.add_constructor("!Select", selection)
Template.add_constructor("!Split", pair)
Template.add_constructor("!If", choice)
for other in ["!Not", "!Equals", "!GetAtt"]:
    Template.add_constructor(other, lambda loader, node: None)


def one_or_list(actions: object) -> object:
    """A list of one is the same as the one."""
    kept = [action for action in actions if action] if isinstance(actions, list) else actions
    return kept[0] if isinstance(kept, list) and len(kept) == 1 else kept


def normal(policy: dict[str, object]) -> dict[str, object]:
    statements = [statement | {"Action": one_or_list(statement["Action"])} for statement in policy["Statement"]]
    return policy | {"Statement": statements}


template = yaml.load((HERE / "member-role.yaml").read_text(), Template)  # noqa: S506, a safe loader
role = template["Resources"]["MemberRole"]["Properties"]
pairs = [
    ("member-permissions.json", role["Policies"][0]["PolicyDocument"]),
    ("member-trust.json", role["AssumeRolePolicyDocument"]),
]
status = 0
for name, document in pairs:
    if normal(json.loads((IAM / name).read_text())) != normal(document):
        print(f"member-role.yaml differs from ops/iam/{name}")
        status = 1
sys.exit(status)
