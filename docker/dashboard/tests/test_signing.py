"""Requests signed for S3, against moto's own check of signatures, with credentials from each source."""

import json
import os
import pathlib
import time
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

import stage
from test_server import get

REPORT = {"index.json": {"version": 1, "accounts": []}}
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:*", "sts:*"], "Resource": "*"}]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}],
}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A closed bucket behind moto with its signature check on, the keys of a user, and those of a role's session."""
    server = stage.S3(
        tmp_path_factory.mktemp("s3"), is_open=False, environment={"INITIAL_NO_AUTH_ACTION_COUNT": "100000"}
    )
    server.publish(REPORT)
    iam = server.client("iam")
    iam.create_user(UserName="dashboard")
    iam.put_user_policy(UserName="dashboard", PolicyName="all", PolicyDocument=json.dumps(POLICY))
    user = iam.create_access_key(UserName="dashboard")["AccessKey"]
    role = iam.create_role(RoleName="dashboard", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    iam.put_role_policy(RoleName="dashboard", PolicyName="all", PolicyDocument=json.dumps(POLICY))
    session = server.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="agent")["Credentials"]
    reset = urllib.request.Request(
        server.url + "/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"}
    )
    urllib.request.urlopen(reset).close()
    yield server, user, session, role["Arn"]
    server.stop()


def keys(user: dict[str, str], secret: str | None = None) -> dict[str, str]:
    return {
        "DASHBOARD_S3_AUTH": "sigv4",
        "AWS_ACCESS_KEY_ID": user["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": secret or user["SecretAccessKey"],
    }


def test_a_signed_request_is_let_in(checked: Any, serve: Any) -> None:
    server, user, *_ = checked
    dashboard = serve(server.url, **keys(user))
    status, headers, body = get(dashboard, "/report/index.json")
    assert (status, headers["X-Report-Cache"], json.loads(body)) == (200, "MISS", REPORT["index.json"])
    assert get(dashboard, "/report/index.json", "HEAD")[0] == 200
    dashboard.let_copies_age()
    assert get(dashboard, "/report/index.json", **{"If-None-Match": headers["ETag"]})[0] in (200, 304)
    assert dashboard.requests(cache="REVALIDATED", upstream="304")


def test_without_a_signature_or_with_a_wrong_secret_s3_refuses(checked: Any, serve: Any) -> None:
    server, user, *_ = checked
    unsigned = serve(server.url)
    wrong = serve(server.url, **keys(user, "wrong" * 8))
    for dashboard in (unsigned, wrong):
        status, headers, body = get(dashboard, "/report/index.json")
        assert status == 403 and b"Signature" not in body and "Content-Security-Policy" in headers
    assert wrong.requests(upstream="403")


def test_a_report_under_another_prefix_is_signed_too(checked: Any, serve: Any) -> None:
    server, user, *_ = checked
    signed = stage.boto3.client(
        "s3",
        endpoint_url=server.url,
        region_name=stage.REGION,
        aws_access_key_id=user["AccessKeyId"],
        aws_secret_access_key=user["SecretAccessKey"],
    )
    signed.put_object(Bucket=stage.BUCKET, Key="teams/a=b/2026.11/index.json", Body=b"{}")
    dashboard = serve(server.url, SCANFLEET_REPORT_PREFIX="teams/a=b/2026.11/", **keys(user))
    assert get(dashboard, "/report/index.json")[2] == b"{}"


def agent_answer(session: dict[str, str], seconds: int) -> bytes:
    """What the container's agent says of credentials that end in so many seconds."""
    return json.dumps(
        {
            "AccessKeyId": session["AccessKeyId"],
            "SecretAccessKey": session["SecretAccessKey"],
            "Token": session["SessionToken"],
            "Expiration": (datetime.now(timezone.utc) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
    ).encode()


def test_pod_identity_is_asked_with_its_token_and_asked_again_before_the_end(
    checked: Any, serve: Any, folder: pathlib.Path
) -> None:
    server, _, session, _ = checked
    token = folder / "token"
    token.write_text("token-of-the-pod\n")
    token.chmod(0o644)

    with stage.Listener(200, agent_answer(session, 30)) as agent:
        dashboard = serve(
            server.url,
            DASHBOARD_S3_AUTH="sigv4",
            AWS_CONTAINER_CREDENTIALS_FULL_URI=agent.url + "/v1/credentials",
            AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(token),
        )
        assert get(dashboard, "/report/index.json")[0] == 200
        agent.body = agent_answer(session, 3600)
        get(dashboard, "/report/index.json")
        asked = len(agent.heard)
        for _ in range(3):
            assert get(dashboard, "/report/index.json")[0] == 200
        assert asked == len(agent.heard) == 2
        assert {headers["Authorization"] for _, headers in agent.heard} == {"token-of-the-pod"}
    stored = dashboard.run / "credentials.json"
    assert stored.stat().st_mode & 0o777 == 0o600


def test_what_is_known_is_used_while_nobody_gives_new_credentials(checked: Any, serve: Any) -> None:
    server, _, session, _ = checked
    began = time.monotonic()
    with stage.Listener(200, agent_answer(session, 60)) as agent:
        dashboard = serve(server.url, DASHBOARD_S3_AUTH="sigv4", AWS_CONTAINER_CREDENTIALS_FULL_URI=agent.url)
        assert get(dashboard, "/report/index.json")[0] == 200
        agent.status = 500
        dashboard.let_copies_age()
        for _ in range(3):
            assert get(dashboard, "/report/index.json")[1]["X-Report-Cache"] in ("REVALIDATED", "HIT")
    # Who failed is asked again after five seconds.
    assert 2 <= len(agent.heard) <= 2 + (time.monotonic() - began) // 5


def spoil(credentials: pathlib.Path, age: int) -> None:
    """As if S3 had come to refuse them, so many seconds after they were fetched."""
    known = json.loads(credentials.read_text())
    credentials.write_text(json.dumps(known | {"secret": "wrong", "fetched": known["fetched"] - age * 1000}))


@pytest.mark.parametrize(("name", "status"), [("index", 200), ("vulnerabilities", 403)], ids=["copy", "no copy"])
def test_credentials_that_s3_refuses_are_fetched_anew(checked: Any, serve: Any, name: str, status: int) -> None:
    server, _, session, _ = checked
    with stage.Listener(200, agent_answer(session, 3600)) as agent:
        dashboard = serve(server.url, DASHBOARD_S3_AUTH="sigv4", AWS_CONTAINER_CREDENTIALS_FULL_URI=agent.url)
        assert get(dashboard, "/report/index.json")[0] == 200
        spoil(dashboard.run / "credentials.json", age=100)
        dashboard.let_copies_age()
        assert get(dashboard, f"/report/{name}.json")[0] == status
        assert get(dashboard, "/report/index.json")[1]["X-Report-Cache"] == "REVALIDATED"
    assert len(agent.heard) == 2


def test_without_credentials_the_copy_is_served_and_the_reason_logged(checked: Any, serve: Any) -> None:
    server, _, session, _ = checked
    with stage.Listener(200, agent_answer(session, 2)) as agent:
        dashboard = serve(server.url, DASHBOARD_S3_AUTH="sigv4", AWS_CONTAINER_CREDENTIALS_FULL_URI=agent.url)
        assert get(dashboard, "/report/index.json")[0] == 200
    spoil(dashboard.run / "credentials.json", age=100)
    dashboard.let_copies_age()
    assert get(dashboard, "/report/index.json")[1]["X-Report-Cache"] == "STALE"
    assert "credentials:" in dashboard.log.read_text() and session["SecretAccessKey"] not in dashboard.log.read_text()


def test_credentials_of_an_earlier_start_are_not_used(checked: Any, serve: Any, folder: pathlib.Path) -> None:
    server, user, *_ = checked
    run = folder / "kept-run"
    run.mkdir()
    (run / "credentials.json").write_text('{"id": "AKIAOLD", "secret": "old", "token": ""}')
    (run / "credentials.json").chmod(0o644)
    if os.getuid() == 0:
        os.chown(run, 65534, 65534)
    dashboard = serve(server.url, DASHBOARD_RUN_DIRECTORY=str(run), **keys(user))
    assert get(dashboard, "/report/index.json")[0] == 200


def test_web_identity_is_exchanged_at_sts(serve: Any, own_s3: stage.S3, folder: pathlib.Path) -> None:
    own_s3.publish(REPORT)
    token = folder / "web-token"
    token.write_text("a.jwt.token")
    token.chmod(0o644)
    dashboard = serve(
        own_s3.url,
        DASHBOARD_S3_AUTH="sigv4",
        AWS_ROLE_ARN="arn:aws:iam::123456789012:role/dashboard",
        AWS_WEB_IDENTITY_TOKEN_FILE=str(token),
    )
    assert get(dashboard, "/report/index.json")[0] == 200
    stored = json.loads((dashboard.run / "credentials.json").read_text())
    assert stored["id"].startswith("ASIA") and stored["token"] and stored["expiration"]
