"""Whatever the rules and the records: both lanes, and a judge of its own, come to the same."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from registers import schema_file
from test_checks_lane import opened, text
from witness_rules import judged

from xlreport import checks
from xlreport.checks import records as one_by_one
from xlreport.errors import SchemaError
from xlreport.registry import ResourceSchema, load_schema, resources_of
from xlreport.tables import Dataset, Record, json_path

PART = {"n": {"type": "number"}, "s": {"type": "string"}}
ITEM = {
    "id": {"type": "string"},
    "n": {"type": "number"},
    "m": {"type": "number"},
    "day": {"type": "string", "format": "date"},
    "end": {"type": "string", "format": "date"},
    "s": {"type": "string"},
    "yes": {"type": "boolean"},
    "parts": {"type": "array", "items": {"type": "object", "properties": PART}},
}
PROPERTIES = {
    **{name: ITEM[name] for name in ("id", "n", "m", "day", "end", "s", "yes")},
    "whole": {"type": "integer"},
    "value": {"type": "object", "properties": {"amount": {"type": "number"}, "s": {"type": "string"}}},
    "items": {"type": "array", "items": {"type": "object", "properties": ITEM}},
    "others": {"type": "array", "items": {"type": "object", "properties": ITEM}},
    "tags": {"type": "array", "items": {"type": "string"}},
}

NUMBERS = ["n", "m", "whole", "value/amount"]
NUMBERS += ["items/*/n", "items/*/m", "items/-1/n", "others/*/n", "items/*/parts/*/n"]
DAYS = ["day", "end", "items/*/day", "items/*/end", "items/-1/day", "others/*/day"]
TEXTS = [
    "s",
    "id",
    "value/s",
    "items/*/s",
    "items/*/id",
    "items/-1/s",
    "others/*/s",
    "items/*/parts/*/s",
    "tags/*",
]
TRUTHS = ["yes", "items/*/yes"]
ALL = [*NUMBERS, *DAYS, *TEXTS, *TRUTHS]
ARRAYS = ["items/*", "others/*", "items/*/parts/*", "tags/*"]

AMOUNTS = st.sampled_from(
    [Decimal(text) for text in ("0", "1", "2", "-1", "1.5", "0.10", "-0", "1E+2", "0.005", "999999999999.99")]
)
LETTERS = st.sampled_from(["", "a", "b", "A", "ä", "\u0434", "\u0645", "USD"])
SOME_DAYS = st.sampled_from(["2017-01-01", "2017-03-01", "2018-02-28", "1999-12-31"])
PARTS = st.fixed_dictionaries({}, optional={"n": AMOUNTS, "s": LETTERS})
ITEMS = st.fixed_dictionaries(
    {},
    optional={
        "id": LETTERS,
        "n": AMOUNTS,
        "m": AMOUNTS,
        "day": SOME_DAYS,
        "end": SOME_DAYS,
        "s": LETTERS,
        "yes": st.booleans(),
        "parts": st.lists(PARTS, max_size=3),
    },
)
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "id": LETTERS,
        "n": AMOUNTS,
        "m": AMOUNTS,
        "day": SOME_DAYS,
        "end": SOME_DAYS,
        "s": LETTERS,
        "yes": st.booleans(),
        "whole": st.integers(-3, 3),
        "value": st.fixed_dictionaries({}, optional={"amount": AMOUNTS, "s": LETTERS}),
        "items": st.lists(ITEMS, max_size=4),
        "others": st.lists(ITEMS, max_size=2),
        "tags": st.lists(LETTERS.filter(bool), max_size=3),
    },
)
CONDITIONS = st.sampled_from(
    [
        {"properties": {"s": {"enum": ["a", "b"]}}},
        {"properties": {"s": {"const": "a"}}, "required": ["s"]},
        {"required": ["n", "day"]},
        {"properties": {"n": {"minimum": 1}}},
        {"properties": {"yes": {"const": True}}},
    ]
)
ABOVE = st.sampled_from(
    [{"properties": {"value": {"properties": {"s": {"const": "a"}}}}}, {"required": ["items"]}]
)


def same_kind(least: int) -> st.SearchStrategy[list[str]]:
    """Return some paths to values of one kind."""
    return st.sampled_from([NUMBERS, DAYS, TEXTS]).flatmap(
        lambda paths: st.lists(st.sampled_from(paths), min_size=least, max_size=3, unique=True)
    )


def limit(paths: list[str], fixed: list[Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from(paths) | st.sampled_from(fixed).map(lambda value: {"value": value})


@st.composite
def ranges(draw: st.DrawFn) -> dict[str, Any]:
    paths, fixed = draw(st.sampled_from([(NUMBERS, [0, 1.5]), (DAYS, ["2017-03-01"]), (TEXTS, ["b"])]))
    ends = draw(st.sampled_from([("from",), ("to",), ("from", "to")]))
    return {"between": draw(st.sampled_from(paths)), **{end: draw(limit(paths, fixed)) for end in ends}}


@st.composite
def lists_of_values(draw: st.DrawFn) -> dict[str, Any]:
    paths, fixed = draw(
        st.sampled_from([(NUMBERS, [0, 1.5, 2]), (DAYS, ["2017-03-01"]), (TEXTS, ["a", "b"])])
    )
    values = draw(st.sampled_from(paths) | st.just(fixed))
    return {"in": draw(st.sampled_from(paths)), "values": values}


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """Return a rule, which may be one that the schema refuses."""
    compared = st.sampled_from(["equals", "atMost", "atLeast"])
    amount = limit(NUMBERS, [0, 2, 1.5])
    tolerance = draw(st.sampled_from([{}, {"tolerance": "0.5"}]))
    rule: dict[str, Any] = draw(
        st.one_of(
            st.builds(
                lambda path, how, value: {"sum": path, how: value, **tolerance},
                st.sampled_from(NUMBERS), compared, amount,
            ),
            st.builds(
                lambda path, how, value: {"count": path, how: value},
                st.sampled_from([*ARRAYS, *NUMBERS, *TEXTS]), compared, amount,
            ),
            same_kind(1).map(lambda paths: {"order": paths}),
            (same_kind(1) | st.just(TRUTHS)).map(lambda paths: {"same": paths}),
            st.sampled_from([*ALL, "items", "value"]).map(lambda path: {"exists": path}),
            ranges(),
            lists_of_values(),
            st.sampled_from(ALL).map(lambda path: {"unique": path}),
        )
    )  # fmt: skip
    if draw(st.integers(0, 3)) == 0:
        rule["when"] = draw(CONDITIONS | ABOVE)
    if draw(st.integers(0, 3)) == 0:
        rule["where"] = draw(CONDITIONS)
    return {"id": "a-rule", **rule}


def schema_of(folder: Path, *declared: dict[str, Any]) -> dict[str, ResourceSchema]:
    """Return the schema with these rules, one register called things."""
    array = {"type": "array", "items": {"type": "object", "properties": PROPERTIES}, "x-rules": declared}
    path = schema_file(folder, {"properties": {"things": array}})
    return resources_of(load_schema(path), ["things"])


def expected(rule: dict[str, Any], records: list[Record]) -> tuple[Counter[str], list[tuple[int, str]]]:
    """Return how many records came to what, and where something is wrong, as the witness has it."""
    verdicts = [judged(rule, record) for record in records]
    wrong = [(at, json_path(path)) for at, (_, paths) in enumerate(verdicts) for path in paths]
    return Counter(said for said, _ in verdicts), sorted(wrong)


def came_to(checked: checks.Checked) -> tuple[Counter[str], list[tuple[int, str]]]:
    (said,) = checked.outcomes
    counts = Counter({"held": said.held, "failed": said.failed, **said.not_applicable})
    wrong = [(found.record, found.place.path) for found in checked.findings if found.record is not None]
    return +counts, sorted(wrong)


@pytest.fixture(scope="module")
def batches() -> Iterator[pytest.MonkeyPatch]:
    """Let even a single record be looked at as a batch, when `setattr` says so."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@settings(max_examples=150, suppress_health_check=[HealthCheck.filter_too_much])
@given(rules(), st.lists(RECORDS, min_size=1, max_size=6))
def test_all_judges_agree(batches: pytest.MonkeyPatch, rule: dict[str, Any], records: list[Record]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            schemas = schema_of(Path(folder), rule)
        except SchemaError:
            assume(False)  # noqa: FBT003  # how hypothesis has it
        lines = b"\n".join(text(record).encode() for record in records)
        things = opened(Path(folder), [lines], "things")
        wanted = expected(rule, records)
        batches.setattr(one_by_one, "_FEW", len(records) + 1)
        singly = checks.run(Dataset((replace(things, texts=None),)), schemas)
        assert came_to(singly) == wanted
        batches.setattr(one_by_one, "_FEW", 0)
        for resource in (things, replace(things, texts=None)):
            found = checks.run(Dataset((resource,)), schemas)
            assert came_to(found) == wanted
            assert list(found.findings) == list(singly.findings)
