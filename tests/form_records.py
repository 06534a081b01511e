"""Draw JSON Schemas and records that fit them, for tests of entry forms."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from xlreport.child_sheets import arrays_of
from xlreport.fields import table_of
from xlreport.layout.entry.sheets import outline_of
from xlreport.registry import ResourceSchema
from xlreport.tables import Batch, Dataset, Field, Kind, Origin, Record, Resource

Records = Mapping[str, Sequence[Record]]

TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn"), exclude_characters=";"),
    min_size=1,
    max_size=12,
).filter(lambda text: text == text.strip())
"""Any text that a cell with semicolons between values can hold, and that has no blanks around it."""
DAYS = st.dates(dt.date(1800, 1, 1), dt.date(2199, 12, 31)).map(dt.date.isoformat)
MOMENTS = st.integers(0, 9_000_000_000).map(
    lambda seconds: (
        f"{dt.datetime(1900, 3, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"
    )
)
AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)
WHOLE = st.integers(-(10**20), 10**20)


def in_memory(records: Records) -> Dataset:
    """Return records as a dataset that is open for reading."""
    return Dataset(
        tuple(
            Resource(name, lambda own=own: iter([Batch(list(own), Origin("memory", "json"))]))
            for name, own in records.items()
        )
    )


def without_empties(value: Any) -> Any:
    """Return a value without what a form and its reader take for nothing: null, and empty arrays, objects."""
    if isinstance(value, dict):
        found = {name: without_empties(each) for name, each in value.items()}
        return {name: each for name, each in found.items() if each not in (None, [], {})}
    return [without_empties(each) for each in value] if isinstance(value, list) else value


# --- records


def records_of(resource: ResourceSchema) -> st.SearchStrategy[list[Record]]:
    """Return a strategy for records that have the form that the schema gives them, each with its own id."""
    return st.lists(_record(resource, ""), max_size=4, unique_by=lambda record: str(record["id"]))


def _record(resource: ResourceSchema, table: str) -> st.SearchStrategy[Record]:
    paths = [path for path in resource.fields if table_of(path) == table]
    prefix = f"{table}/*/" if table else ""
    own = {path.removeprefix(prefix): _value(resource.fields[path], path) for path in paths}
    below = [
        array
        for array in arrays_of(outline_of(resource))
        if array != table and array.startswith(prefix) and "*" not in array.removeprefix(prefix)
    ]
    first = "id" if "id" in own else next(iter(own))
    needed = {first: own.pop(first)}
    items = {
        array.removeprefix(prefix): st.lists(
            _record(resource, array), max_size=3, unique_by=lambda item: str(item.get("id", id(item)))
        )
        for array in below
    }
    return st.fixed_dictionaries(needed, optional={**own, **items}).map(_nested)


def _nested(flat: Mapping[str, Any]) -> Record:
    record: Record = {}
    for path, value in flat.items():
        node = record
        *above, last = path.removesuffix("/*").split("/")
        for step in above:
            node = node.setdefault(step, {})
        node[last] = value
    return record


def _value(known: Field, path: str) -> st.SearchStrategy[Any]:
    plain = st.sampled_from(known.values) if known.values else _OF_KIND[known.kind]
    if path.endswith("urrency"):
        plain = st.text("ABCXYZ", min_size=3, max_size=3)
    return st.lists(plain, min_size=1, max_size=3) if known.repeated else plain


_OF_KIND: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: TEXTS,
    Kind.INTEGER: WHOLE,
    Kind.DECIMAL: AMOUNTS | WHOLE.map(Decimal),
    Kind.BOOLEAN: st.booleans(),
    Kind.DATE: DAYS,
    Kind.DATETIME: MOMENTS,
}

# --- schemas

PLAIN: Sequence[Mapping[str, Any]] = (
    {"type": "string"},
    {"type": "integer"},
    {"type": "number"},
    {"type": "boolean"},
    {"type": "string", "format": "date"},
    {"type": "string", "format": "date-time"},
    {"enum": ["good", "bad", "Good enough"]},
    {"type": "array", "items": {"type": "string"}},
    {"type": "array", "items": {"type": "integer"}},
)
NAMES = st.sampled_from(
    ["amount", "value", "Value", "dueDate", "name", "x y", "a-b", "Ümlaut", "number", "no"]
)
TITLES = st.sampled_from(["", "Amount", "amount", "Value", "Due date", "Name", "Wert: netto", "Number"])


ARRAYS = st.sampled_from(["parts", "steps", "Lines", "notes"])


@st.composite
def schemas(draw: st.DrawFn, depth: int = 2) -> dict[str, Any]:
    """Draw the schema of a record with an id, objects in objects and arrays in arrays.

    Titles are alike here and there; but arrays are called by their own names, as sheets have to be.
    """
    properties: dict[str, Any] = {"id": {"type": "string", "title": "Id"}}
    for name in draw(st.lists(NAMES, max_size=4, unique=True)):
        properties[name] = _titled(draw, draw(_member(depth)))
    for name in draw(st.lists(ARRAYS, max_size=2 if depth else 0, unique=True)):
        properties[name] = {"type": "array", "items": draw(schemas(depth - 1))}
    others = sorted({*properties} - {"id"})
    needed = draw(st.lists(st.sampled_from(others), unique=True)) if others else []
    return {"type": "object", "properties": properties, "required": ["id", *needed]}


def _titled(draw: st.DrawFn, schema: Mapping[str, Any]) -> dict[str, Any]:
    title = draw(TITLES)
    return {**schema, **({"title": title} if title else {})}


def _member(depth: int) -> st.SearchStrategy[Mapping[str, Any]]:
    plain = st.sampled_from(PLAIN)
    return plain | schemas(depth - 1).map(_without_id) if depth else plain


def _without_id(schema: dict[str, Any]) -> dict[str, Any]:
    rest = {name: each for name, each in schema["properties"].items() if name != "id"}
    return {"type": "object", "properties": rest or {"name": {"type": "string"}}}
