"""The errors of real Open Contracting releases: all that another validator finds, each said and placed."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from reading import shared

import xlreport
from xlreport.checks.engines import ENGINES, compiled
from xlreport.findings import Finding, Severity
from xlreport.registry import load_schema, resources_of
from xlreport.tables import json_path

Error = tuple[tuple[str | int, ...], str]
"""Path and keyword."""
SCHEMA = "1__1__5/schema/release-schema.json"
KEYWORDS = {
    "missing-value": {"required", "minLength", "type"},  # empty texts and null are missing too
    "wrong-format": {"format"},
    "too-short": {"minLength"},
    "repeated-item": {"uniqueItems"},
    "wrong-type": {"type"},
    "unknown-value": {"enum"},
}
"""The keywords that are broken in these releases, by the codes of their findings."""


def schema() -> Path:
    return shared("ocds_schema") / SCHEMA


def files() -> Iterator[Path]:
    yield from sorted(shared("ocds_real_examples").rglob("*.json"))


def witness() -> Draft4Validator:
    return Draft4Validator(json.loads(schema().read_text(encoding="utf-8")), format_checker=FormatChecker())


def releases() -> Iterator[dict[str, Any]]:
    """Iterate over everything in the files that is a release of its own or compiled from others."""
    for path in files():
        if path.stat().st_size:
            yield from _releases(json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal))


def _releases(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for each in node:
            yield from _releases(each)
    elif isinstance(node, dict):
        if "ocid" in node and "tag" in node and "versionedRelease" not in node:
            yield node
        for name in ("releases", "records", "compiledRelease"):
            yield from _releases(node.get(name))


def told(error: ValidationError) -> Error:
    return tuple(error.absolute_path), str(error.validator)


def lacking(error: ValidationError) -> str:
    """Return the path that a finding points at: of a missing member, where it would stand."""
    steps = list(error.absolute_path)
    if error.validator == "required":
        steps += [name for name in error.validator_value if f"'{name}' is a required" in error.message]
    return json_path(steps)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_error_is_found_and_no_other(engine: str) -> None:
    judge = compiled(resources_of(load_schema(schema()), ["releases"])["releases"], engine)
    plain = witness()
    count = wrong = 0
    for release in releases():
        expected = Counter(map(told, plain.iter_errors(release)))
        found = Counter((violation.path, violation.keyword) for violation in judge.violations(release))
        assert found == expected
        count, wrong = count + 1, wrong + expected.total()
    assert count > 300
    assert wrong > 400


def test_every_error_has_a_sentence_and_a_place() -> None:
    pattern = str(shared("ocds_real_examples") / "**" / "*.json")
    by_record: dict[tuple[str, int], list[Finding]] = {}
    for finding in xlreport.check(pattern, schema=schema()).errors:
        if finding.record is not None:
            by_record.setdefault((finding.table, finding.record), []).append(finding)
    plain = witness()
    checked = 0
    for resource in xlreport.read(pattern, schema=schema()).resources:
        for number, release in enumerate(resource.records()):
            errors = list(plain.iter_errors(release))
            findings = by_record.get((resource.name, number), [])
            assert {finding.place.path for finding in findings} == set(map(lacking, errors))
            broken = {(lacking(error), error.validator) for error in errors}
            for finding in findings:
                assert broken & {(finding.place.path, keyword) for keyword in KEYWORDS[finding.code]}
            checked += len(errors)
            for finding in findings:
                assert finding.severity is Severity.ERROR
                assert finding.place.file.endswith(".json")
                assert finding.message.endswith(".")
                said = f"{finding.message} {finding.hint}"
                assert not any(sign in said for sign in ("{{", "](", "\\d", "^", "$."))
    assert checked > 300
