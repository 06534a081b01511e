"""Two engines, one verdict: what they say of the same record is the same."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registers import SHARED_DATA, contract, schema_file

from xlreport.checks.engines import ENGINES, Violation, compiled, condition
from xlreport.errors import SchemaError, UsageError
from xlreport.registry import ResourceSchema, load_schema, resources_of
from xlreport.tables import Record

OCDS = SHARED_DATA / "ocds_real_examples"
OCDS_SCHEMA = SHARED_DATA / "ocds_schema/1__1__5/schema/release-schema.json"
CONTRACTS = resources_of(load_schema("dataset"))["contracts"]


def said(resource: ResourceSchema, record: Record, engine: str) -> Counter[tuple[object, ...]]:
    """Return place, keyword and names of everything that an engine objects to."""
    found = compiled(resource, engine).violations(record)
    return Counter((violation.path, violation.keyword, violation.names) for violation in found)


def violations(folder: Path, schema: dict[str, object], value: object, engine: str) -> list[Violation]:
    path = schema_file(folder, {"properties": {"a": schema}})
    resource = resources_of(load_schema(path), ["things"])["things"]
    return list(compiled(resource, engine).violations({"a": value}))


def test_an_unknown_engine_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'jsonschema-rs'"):
        compiled(CONTRACTS, "jsonschemars")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("date", "2017-02-30", "2017-02-28"),
        ("date-time", "2017-02-28", "2017-02-28T10:00:00Z"),
        ("email", "nobody", "a@example.org"),
        ("uri", "not a uri", "https://example.org/"),
    ],
)
def test_formats_are_asserted(tmp_path: Path, name: str, wrong: str, right: str, engine: str) -> None:
    schema = {"type": "string", "format": name}
    assert [found.keyword for found in violations(tmp_path, schema, wrong, engine)] == ["format"]
    assert violations(tmp_path, schema, right, engine) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_formats_are_asserted_in_conditions_too(engine: str) -> None:
    fits = condition({"properties": {"a": {"format": "date"}}}, engine)
    assert fits({"a": "2017-02-28"})
    assert not fits({"a": "2017-02-30"})


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer"}, Decimal("5.0")),
        ({"type": "number", "maximum": 0.1}, Decimal("0.1")),
        ({"enum": [0.1]}, Decimal("0.10")),
        ({"minimum": 12345678901234567890.12}, Decimal("12345678901234567890.12")),
    ],
)
def test_numbers_are_compared_as_decimals(
    tmp_path: Path, schema: dict[str, object], value: object, engine: str
) -> None:
    assert violations(tmp_path, schema, value, engine) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_the_end_of_a_pattern_is_the_end_of_the_text(tmp_path: Path, engine: str) -> None:
    assert violations(tmp_path, {"pattern": "^[A-Z]{2}$"}, "IN\n", engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_pattern_that_is_no_regular_expression_is_refused(tmp_path: Path, engine: str) -> None:
    with pytest.raises(SchemaError, match=r"\["):
        violations(tmp_path, {"pattern": "["}, "x", engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_violation_carries_value_limit_and_names(tmp_path: Path, engine: str) -> None:
    (missing,) = violations(tmp_path, {"required": ["b", "c"]}, {"b": 1}, engine)
    assert (missing.path, missing.names, missing.value) == (("a",), ("c",), {"b": 1})
    (low,) = violations(tmp_path, {"minimum": 3}, 2, engine)
    assert (low.limit, low.value, low.schema) == (3, 2, {"minimum": 3})


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"dependentRequired": {"x": ["y", "z"]}}, {"x": 1}),
        ({"additionalProperties": False, "properties": {"x": {}}}, {"x": 1, "y'": 2, "z": 3}),
        ({"unevaluatedProperties": False, "properties": {"x": {}}}, {"x": 1, "y": 2}),
        ({"propertyNames": {"maxLength": 1}}, {"xy": 1}),
        ({"additionalProperties": False}, {"x": 1}),
        ({"oneOf": [{"type": "string"}, {"required": ["x"]}]}, {"y": 1}),
        ({"anyOf": [{"type": "string"}, {"properties": {"x": {"const": 1}}}]}, {"x": 2}),
        ({"oneOf": [{}, True]}, 1),
        ({"if": {"required": ["x"]}, "then": {"required": ["y"]}}, {"x": 1}),
        ({"not": {"const": 1}}, 1),
        ({"contains": {"const": 1}}, [2]),
        ({"uniqueItems": True}, [1, 1]),
    ],
)
def test_the_engines_agree_on_every_keyword(tmp_path: Path, schema: dict[str, object], value: object) -> None:
    outcomes = [violations(tmp_path, schema, value, engine) for engine in ENGINES]
    first, second = (
        sorted((each.path, each.keyword, sorted(each.names)) for each in found) for found in outcomes
    )
    assert first
    assert first == second


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.decimals(-1, 1, allow_nan=False, places=2),
    st.sampled_from(["", "USD", "usd", "2017-03-01", "2017-02-30", "0017-03-01", "active", "x" * 40]),
    st.lists(st.integers(), max_size=2),
    st.fixed_dictionaries(
        {}, optional={"amount": st.integers(-1, 1), "currency": st.text(max_size=3), "id": st.just("")}
    ),
)
MEMBERS = sorted(CONTRACTS.schema.documents["urn:xlreport:contract"]["properties"])


@given(st.dictionaries(st.sampled_from([*MEMBERS, "unknown"]), VALUES, max_size=4))
def test_the_engines_agree_on_the_shipped_schemas(changes: Record) -> None:
    record = {**contract(), **changes}
    first, second = (said(CONTRACTS, record, engine) for engine in ENGINES)
    assert first == second
    assert compiled(CONTRACTS).is_valid(record) == (not first)


def releases() -> Iterator[Record]:
    """Yield the releases that can be read of the real examples."""
    for path in sorted(OCDS.rglob("*.json")):
        try:
            document = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
        except json.JSONDecodeError:
            continue
        if isinstance(document, dict):
            found = document.get("releases", [document] if "ocid" in document else [])
            yield from (release for release in found if isinstance(release, dict))


@pytest.mark.skipif(not OCDS.is_dir(), reason="the real OCDS data lies beside the checkout, or not at all")
def test_the_engines_agree_on_real_releases() -> None:
    resource = resources_of(load_schema(OCDS_SCHEMA), ["releases"])["releases"]
    validators = [compiled(resource, engine) for engine in ENGINES]
    counts: Counter[str] = Counter()
    for release in releases():
        first, second = (
            Counter((each.path, each.keyword, each.names) for each in validator.violations(release))
            for validator in validators
        )
        assert first == second
        counts["releases"] += 1
        counts["errors"] += first.total()
    assert counts["releases"] > 200
    assert counts["errors"] > 300
