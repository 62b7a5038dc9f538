"""nginx: what it serves, what it refuses, and what it does when S3 is not there."""

import gzip
import http.client
import os
import pathlib
import socket
import subprocess
from typing import Any

import pytest

import stage

SECURITY = [
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
]


def get(server: stage.Dashboard, path: str, method: str = "GET", **headers: str) -> tuple[int, Any, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, body


def raw(server: stage.Dashboard, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(request)
        return connection.makefile("rb").read()


REFUSED = [
    ("POST", "/report/index.json", 405),
    ("PUT", "/report/index.json", 405),
    ("DELETE", "/report/index.json", 405),
    ("PATCH", "/", 405),
    ("OPTIONS", "/report/index.json", 405),
    ("TRACE", "/", 405),
    ("PROPFIND", "/", 405),
    ("FOO", "/", 405),
    ("CONNECT", "/", 405),
    ("GET", "/report/", 404),
    ("GET", "/report", 404),
    ("GET", "/assets/", 404),
    ("GET", "/assets", 404),
    ("GET", "/report/?list-type=2", 404),
    ("GET", "/report/other.json", 404),
    ("GET", "/report/index.json/", 404),
    ("GET", "/report/index.json.bak", 404),
    ("GET", "/report/INDEX.JSON", 404),
    ("GET", "/report/12345678901/eu-west-1.json", 404),
    ("GET", "/report/1234567890123/eu-west-1.json", 404),
    ("GET", "/report/123456789012/eu-west-1/x.json", 404),
    ("GET", "/report/123456789012/index.json", 404),
    ("GET", "/signed/index.json", 404),
    ("GET", "/authorize", 404),
    ("GET", "/api/queue", 404),
    ("GET", "/metrics", 404),
    ("GET", "/nginx.conf", 404),
    ("GET", "/index.html.gz", 404),
    ("GET", "/index.html", 404),
    ("GET", "/report/../index.json", 400),
    ("GET", "/report/../../etc/passwd", 400),
    ("GET", "/assets/../../etc/passwd", 400),
    ("GET", "/../etc/passwd", 400),
    ("GET", "/report/%2e%2e/index.json", 400),
    ("GET", "/report/..%2f..%2fetc/passwd", 400),
    ("GET", "/report/%252e%252e/index.json", 400),
    ("GET", "/report/index%2ejson", 400),
    ("GET", "/report/index.json%00.txt", 400),
    ("GET", "/report/index.json%0d%0aX-Evil:1", 400),
    ("GET", "/report//index.json", 400),
    ("GET", "//evil.example/", 400),
    ("GET", "/report/./index.json", 400),
    ("GET", "/.git/config", 400),
    ("GET", "/report\\..\\index.json", 400),
    ("GET", "/report/%c0%ae%c0%ae/index.json", 400),
    ("GET", "/" + "a" * 9000, 414),
]


@pytest.mark.parametrize(
    ("method", "path", "status"), REFUSED, ids=[f"{method} {path[:44]}" for method, path, _ in REFUSED]
)
def test_refuses(dashboard: stage.Dashboard, method: str, path: str, status: int) -> None:
    answer = raw(dashboard, f"{method} {path} HTTP/1.1\r\nHost: dashboard\r\nConnection: close\r\n\r\n".encode())
    head, _, body = answer.partition(b"\r\n\r\n")
    assert int(head.split()[1]) == status
    for name in SECURITY:
        assert head.count(f"\r\n{name}:".encode()) == 1, name
    assert b"AccessDenied" not in body and stage.BUCKET.encode() not in answer


def test_refuses_bodies_and_control_characters(dashboard: stage.Dashboard) -> None:
    assert get(dashboard, "/report/index.json", **{"Content-Length": "100"})[0] == 413
    assert b" 400 " in raw(dashboard, b"GET /report/index\x01.json HTTP/1.1\r\nHost: x\r\n\r\n").split(b"\r\n")[0]
    assert (
        b" 400 "
        in raw(dashboard, b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n").split(b"\r\n")[0]
    )


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/config.json", "/report/index.json", "/report/123456789012/eu-west-1.json"]
)
def test_security_headers_are_on_every_answer_once(dashboard: stage.Dashboard, path: str) -> None:
    _, headers, _ = get(dashboard, path)
    for name in SECURITY:
        assert len(headers.get_all(name) or []) == 1, name
    assert headers["Server"] == "nginx"


def test_serves_the_report_as_stored(dashboard: stage.Dashboard, files: dict[str, Any]) -> None:
    region = next(name for name in files if "/" in name)
    for name in ("index.json", "vulnerabilities.json", "history.json", region):
        status, headers, body = get(dashboard, f"/report/{name}?versionId=1", **{"Accept-Encoding": "gzip"})
        assert (status, headers["Content-Encoding"], headers["Content-Type"]) == (200, "gzip", "application/json")
        assert gzip.decompress(body).startswith(b"{")
        assert not [
            header for header in headers if header.lower().startswith("x-amz") or header.lower() == "set-cookie"
        ]
    assert get(dashboard, "/report/index.json")[2].startswith(b'{"version"')
    assert get(dashboard, "/report/index.json", "HEAD")[::2] == (200, b"")


def test_an_unchanged_report_is_answered_with_304(dashboard: stage.Dashboard) -> None:
    etag = get(dashboard, "/report/index.json", **{"Accept-Encoding": "gzip"})[1]["ETag"]
    dashboard.let_copies_age()
    assert get(dashboard, "/report/index.json", **{"Accept-Encoding": "gzip", "If-None-Match": etag})[0] == 304
    assert dashboard.requests(cache="REVALIDATED", upstream="304")


class DatedStore(stage.Listener):
    """As moto: whatever is no newer than the second that is asked with is unchanged, whatever its ETag."""

    def status_for(self, headers: dict[str, str]) -> int:
        return 304 if "If-Modified-Since" in headers or headers.get("If-None-Match") == self.headers["ETag"] else 200


def test_two_versions_of_one_second_are_told_apart(serve: Any) -> None:
    dated = {"Last-Modified": "Mon, 23 Nov 2026 09:00:00 GMT"}
    with DatedStore(200, b"first", dated | {"ETag": '"1"'}) as store:
        server = serve(store.url)
        assert get(server, "/report/index.json")[2] == b"first"
        store.body, store.headers = b"second", dated | {"ETag": '"2"'}
        server.let_copies_age()
        assert get(server, "/report/index.json")[2] == b"second"
        server.let_copies_age()
        assert get(server, "/report/index.json")[2] == b"second"
    assert server.requests(cache="REVALIDATED", upstream="304")


def test_the_copy_is_served_while_s3_is_away_and_said_to_be_old(own_s3: stage.S3, serve: Any) -> None:
    own_s3.publish({"index.json": {"version": 1, "accounts": []}})
    server = serve(own_s3.url)
    assert get(server, "/report/index.json")[1]["X-Report-Cache"] == "MISS"
    own_s3.stop()
    server.let_copies_age()
    status, headers, body = get(server, "/report/index.json")
    assert (status, headers["X-Report-Cache"]) == (200, "STALE") and b"accounts" in body
    status, headers, body = get(server, "/report/history.json")
    assert (status, headers["Content-Type"].split(";")[0]) == (502, "application/json") and b"reached" in body
    own_s3.start()


def test_nothing_of_the_client_reaches_s3(serve: Any) -> None:
    with stage.Listener(200, b"{}") as listener:
        server = serve(listener.url)
        get(
            server,
            "/report/index.json?secret=1",
            Cookie="session=1",
            Authorization="Basic eDp5",
            **{"X-Forwarded-For": "1.2.3.4"},
        )
    (line, headers) = listener.heard[0]
    assert line == f"GET /{stage.BUCKET}/findings/index.json HTTP/1.1"
    assert sorted(name.lower() for name in headers) == ["accept-encoding", "host"]


def test_an_object_is_never_taken_for_a_page(serve: Any) -> None:
    hostile = {
        "Content-Type": "text/html",
        "Set-Cookie": "a=b",
        "X-Accel-Redirect": "/config.json",
        "Refresh": "0;url=http://127.0.0.1/",
    }
    with stage.Listener(200, b"<script>alert(1)</script>", hostile) as listener:
        _, headers, body = get(serve(listener.url), "/report/index.json")
    assert headers["Content-Type"] == "application/json" and headers["X-Content-Type-Options"] == "nosniff"
    assert b"alert" in body and "Set-Cookie" not in headers and "Refresh" not in headers


def test_assets_are_cached_for_ever_and_the_page_never(dashboard: stage.Dashboard) -> None:
    _, headers, body = get(dashboard, "/")
    assert headers["Cache-Control"] == "no-cache" and b'<script type="module" src="assets/' in body
    script = body.split(b'type="module" src="')[1].split(b'"')[0].decode()
    _, headers, _ = get(dashboard, "/" + script, **{"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip" and "immutable" in headers["Cache-Control"]
    assert headers["Content-Type"].startswith("text/javascript")


def test_basic_auth_guards_all_but_health(serve: Any, s3: stage.S3, folder: Any) -> None:
    password = subprocess.run(
        ["openssl", "passwd", "-apr1", "open sesame"], check=True, capture_output=True, text=True
    ).stdout
    path = folder / "htpasswd"
    path.write_text(f"ali:{password}")
    path.chmod(0o644)
    server = serve(s3.url, DASHBOARD_BASIC_AUTH_FILE=str(path))
    assert [get(server, each)[0] for each in ("/", "/report/index.json", "/config.json", "/healthz")] == [
        401,
        401,
        401,
        200,
    ]
    assert get(server, "/")[1]["WWW-Authenticate"].startswith("Basic")
    assert get(server, "/report/index.json", Authorization="Basic YWxpOm9wZW4gc2VzYW1l")[0] == 200
    assert get(server, "/report/index.json", Authorization="Basic YWxpOndyb25n")[0] == 401


@pytest.mark.parametrize("verdict", [200, 401, 403, 500])
def test_an_identity_proxy_decides(serve: Any, s3: stage.S3, verdict: int) -> None:
    with stage.Listener(verdict, b"") as listener:
        server = serve(s3.url, DASHBOARD_AUTH_URL=f"{listener.url}/oauth2/auth")
        status = get(server, "/report/index.json", Cookie="session=1")[0]
        assert get(server, "/healthz")[0] == 200
    assert status == {200: 200, 401: 401, 403: 403, 500: 500}[verdict]
    assert (
        listener.heard[0][1]["Cookie"] == "session=1" and listener.heard[0][1]["X-Original-URI"] == "/report/index.json"
    )


def test_the_queue_is_the_coordinators(serve: Any, s3: stage.S3) -> None:
    with stage.Listener(200, b'{"ready":1}') as listener:
        server = serve(s3.url, DASHBOARD_COORDINATOR_URL=listener.url + "/")
        assert get(server, "/api/queue")[2] == b'{"ready":1}'
        assert b'"fleet":true' in get(server, "/config.json")[2]
        get(server, "/api/queue")
    assert [line for line, _ in listener.heard] == ["GET /v1/queue HTTP/1.1"]
    stage.eventually(lambda: get(server, "/api/queue")[0] == 502, "a queue that is gone is still shown", seconds=10)


def test_all_problems_of_the_environment_are_told_at_once() -> None:
    settings = {
        "PATH": os.environ["PATH"],
        "SCANFLEET_BUCKET": "bucket; include /etc/passwd",
        "AWS_REGION": "",
        "DASHBOARD_S3_AUTH": "maybe",
        "DASHBOARD_AUTH_URL": "http://x/$uri",
        "SCANFLEET_REPORT_PREFIX": "../",
        "DASHBOARD_REFRESH_SECONDS": "0",
    }
    ended = subprocess.run(
        [str(stage.DASHBOARD / "entrypoint")], env=settings, capture_output=True, text=True, timeout=20
    )
    assert ended.returncode == 78
    for name in (
        "SCANFLEET_BUCKET",
        "AWS_REGION",
        "DASHBOARD_S3_AUTH",
        "DASHBOARD_AUTH_URL",
        "SCANFLEET_REPORT_PREFIX",
        "DASHBOARD_REFRESH_SECONDS",
    ):
        assert name in ended.stderr


def test_files_that_are_not_there_are_a_problem_too(tmp_path: pathlib.Path) -> None:
    settings = {
        "PATH": os.environ["PATH"],
        "SCANFLEET_BUCKET": stage.BUCKET,
        "AWS_REGION": stage.REGION,
        "DASHBOARD_STATIC_DIRECTORY": str(tmp_path),
        "DASHBOARD_RUN_DIRECTORY": str(tmp_path / "run"),
    }
    ended = subprocess.run(
        [str(stage.DASHBOARD / "entrypoint")], env=settings, capture_output=True, text=True, timeout=20
    )
    assert ended.returncode == 78
    assert f"DASHBOARD_STATIC_DIRECTORY holds no index.html: {tmp_path}" in ended.stderr
