"""The official JSON-Schema-Test-Suite goes through our own path: load, compile, judge, and say what is wrong.

The suite is a folder with ``tests`` and ``remotes`` that XLREPORT_SCHEMA_SUITE names; the source distribution
of jsonschema on PyPI has it under ``json``, and `.ci/run` fetches that.
"""

import functools
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from xlreport.checks.engines import Compiled, compiled
from xlreport.checks.messages import problems
from xlreport.registry import ResourceSchema, load_schema

NAMED = os.environ.get("XLREPORT_SCHEMA_SUITE", "")
DIALECTS = {
    "draft4": "http://json-schema.org/draft-04/schema#",
    "draft6": "http://json-schema.org/draft-06/schema#",
    "draft7": "http://json-schema.org/draft-07/schema#",
    "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
    "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
}
CASES = {"draft4": 800, "draft6": 1100, "draft7": 1400, "draft2019-09": 1800, "draft2020-12": 1850}
"""At least so many are there, lest a test of nothing passes."""
ANNOTATIONS = "is only an annotation by default"
"""Ends the cases that hold where formats are not asserted, and so not here."""
BEYOND_PYTHON = {
    "optional/content.json",
    "optional/dependencies-compatibility.json",
    "optional/ecmascript-regex.json",
    "optional/format/date-time.json",
    "optional/format/ecmascript-regex.json",
    "optional/format/email.json",
    "optional/format/time.json",
    "optional/zeroTerminatedFloats.json",
    "vocabulary.json",
}
"""Where the other engine is wrong: patterns as JavaScript has them, leap seconds, odd addresses..."""


@dataclass(frozen=True)
class Group:
    """A schema with its cases."""

    file: str
    title: str
    schema: Any
    cases: tuple[Mapping[str, Any], ...]


def suite() -> Path:
    folder = Path(NAMED)
    if not NAMED or not (folder / "tests").is_dir():
        pytest.skip("XLREPORT_SCHEMA_SUITE names no folder with the JSON-Schema-Test-Suite")
    return folder


@functools.cache
def remotes() -> dict[str, Any]:
    """Return the documents that the suite's references lead to, by their addresses."""
    folder = suite() / "remotes"
    return {
        f"http://localhost:1234/{path.relative_to(folder).as_posix()}": decoded(path)
        for path in folder.rglob("*.json")
    }


def decoded(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def groups(draft: str) -> Iterator[Group]:
    folder = suite() / "tests" / draft
    for path in sorted(folder.rglob("*.json")):
        for group in decoded(path):
            cases = tuple(case for case in group["tests"] if not case["description"].endswith(ANNOTATIONS))
            yield Group(path.relative_to(folder).as_posix(), group["description"], group["schema"], cases)


def made_ready(folder: Path, schema: object, draft: str, engine: str) -> tuple[ResourceSchema, Compiled]:
    """Return the schema as a file's would be that a user names, of one thing."""
    if isinstance(schema, dict):
        schema = {"$schema": DIALECTS[draft], **schema}
    path = folder / "thing.json"
    path.write_text(json.dumps(schema, default=float), encoding="utf-8")
    loaded = load_schema(path, remotes())
    resource = ResourceSchema("things", "Things", "Thing", "", loaded, f"{loaded.uri}#", {}, {})
    return resource, compiled(resource, engine)


def judged(folder: Path, draft: str, engine: str) -> tuple[int, list[tuple[str, str, str]]]:
    """Return how many cases there are, and those that are judged wrongly or in silence."""
    count, wrong = 0, []
    for group in groups(draft):
        resource, judge = made_ready(folder, group.schema, draft, engine)
        for case in group.cases:
            count += 1
            if not is_right(case, resource, judge):
                wrong.append((group.file, group.title, case["description"]))
    return count, wrong


def is_right(case: Mapping[str, Any], resource: ResourceSchema, judge: Compiled) -> bool:
    try:
        valid = judge.is_valid(case["data"])
        found = [
            each for violation in judge.violations(case["data"]) for each in problems(violation, resource)
        ]
    except Exception:  # noqa: BLE001  # a case that ends in an error is wrong, whatever the error
        return False
    said = all(problem.message.strip() and problem.message.endswith((".", "”", "»")) for problem in found)
    return valid == case["valid"] == (not found) and said


@pytest.mark.parametrize("draft", DIALECTS)
def test_nothing_is_wrong(tmp_path: Path, draft: str) -> None:
    count, wrong = judged(tmp_path, draft, "jsonschema-rs")
    assert wrong == []
    assert count >= CASES[draft]


@pytest.mark.parametrize("draft", DIALECTS)
def test_the_other_engine_is_wrong_in_odd_corners_only(tmp_path: Path, draft: str) -> None:
    count, wrong = judged(tmp_path, draft, "jsonschema")
    assert set(Counter(file for file, _, _ in wrong)) <= BEYOND_PYTHON
    assert len(wrong) < count / 20
    assert count >= CASES[draft]
