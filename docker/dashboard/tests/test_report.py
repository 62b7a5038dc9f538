"""The reports that the tests make have the shape that the fleet promises."""

import json
from typing import Any

import jsonschema
import pytest

import stage

SCHEMAS = stage.DASHBOARD.parent.parent / "ops/schemas"


@pytest.mark.parametrize("kind", ["index", "history", "vulnerabilities", "region"])
def test_made_reports_keep_to_the_schemas(files: dict[str, Any], kind: str) -> None:
    schema = json.loads((SCHEMAS / f"{kind}.schema.json").read_text())
    chosen = [
        content for name, content in files.items() if name == f"{kind}.json" or (kind == "region" and "/" in name)
    ]
    assert chosen
    for content in chosen:
        jsonschema.validate(content, schema, jsonschema.Draft202012Validator)
