"""Whoever is behind the dashboard by TLS proves its name first."""

import subprocess
from typing import Any

import pytest

import stage
from test_server import get


@pytest.fixture
def self_signed(folder: Any) -> Any:
    """A certificate that nobody vouches for, its key, and the same certificate where nginx may read it."""
    certificate, key = folder / "self.crt", folder / "self.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
        + ["-addext", "subjectAltName=DNS:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    certificate.chmod(0o644)
    return certificate, key


@pytest.mark.parametrize("who", ["DASHBOARD_AUTH_URL", "DASHBOARD_COORDINATOR_URL"])
def test_who_cannot_prove_its_name_is_told_nothing(serve: Any, s3: stage.S3, self_signed: Any, who: str) -> None:
    path, refused = {
        "DASHBOARD_AUTH_URL": ("/report/index.json", 500),
        "DASHBOARD_COORDINATOR_URL": ("/api/queue", 502),
    }[who]
    with stage.Listener(200, b"{}", certificate=self_signed) as listener:
        server = serve(s3.url, **{who: listener.url})
        assert get(server, path, Cookie="session=1")[0] == refused and not listener.heard
        trusting = serve(s3.url, AWS_CA_BUNDLE=str(self_signed[0]), **{who: listener.url})
        assert get(trusting, path)[0] == 200 and listener.heard
