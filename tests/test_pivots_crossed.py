"""Cross-tabulations of any fields agree, cell by cell, with a search of the rows that belong to each cell."""

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sales import MEASURES, Sale, analysis
from witness_crossed import AGGREGATES, Crossed, label, name

from xlreport.analysis.results import Number, PivotTable

SHOWS = (
    *("value", "share", "shareOfRow", "shareOfColumn", "cumulativeShare"),
    *("difference", "differencePercent", "runningTotal", "rank"),
)
AXES: tuple[str | dict[str, str], ...] = (
    *("region", "product", "customer", "size", "urgent", "amount", "day"),
    *({"field": "day", "by": by} for by in ("year", "quarter", "month")),
)
DAYS = [dt.date(2016, 12, 31), dt.date(2017, 1, 1), dt.date(2017, 3, 31), dt.date(2017, 4, 1), None]


def crossed(sales: Sequence[Sale], **pivot: Any) -> PivotTable:
    """Return a pivot of all the sales, of whatever day."""
    measures = {one: {"title": one, "of": "sales", **MEASURES[one]} for one in AGGREGATES}
    document = {
        "name": "crossed",
        "title": "Crossed",
        "tables": {"sales": {"from": "sales"}},
        "measures": measures,
        "pivots": {"pivot": {"title": "Pivot", **pivot}},
        "sheets": [{"kind": "pivot", "name": "Pivot", "pivots": ["pivot"]}],
    }
    return analysis(sales, document).pivots["pivot"]


SALES = st.lists(
    st.builds(
        Sale,
        region=st.sampled_from(["North", "north", " North", "South", "Not stated", None]),
        product=st.sampled_from(["Pumps", "PUMPS", "Val  ves", "Val\u00a0ves", ""]),
        customer=st.sampled_from(["A", "B", None]),
        amount=st.none() | st.decimals(min_value=-100, max_value=100, places=2),
        year=st.sampled_from(DAYS),
        size=st.sampled_from([2, 10, -1, None]),
        urgent=st.sampled_from([True, False, None]),
    ),
    max_size=10,
)


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a pivot with everything that a definition can say."""
    fields = draw(st.lists(st.sampled_from(AXES), min_size=1, max_size=5, unique_by=name))
    down = draw(st.integers(1, min(3, len(fields))))
    rows, columns = fields[:down], fields[down : down + 2]
    names = [name(axis) for axis in (*rows, *columns)]
    values = []
    for show in draw(st.lists(st.sampled_from(SHOWS), min_size=1, max_size=3)):
        value = {"measure": draw(st.sampled_from(sorted(AGGREGATES))), "show": show}
        if show in SHOWS[4:] and draw(st.booleans()):
            value["base"] = draw(st.sampled_from(names))
        values.append(value)
    by = st.fixed_dictionaries({"by": st.integers(0, len(values))}, optional={"descending": st.booleans()})
    top = st.fixed_dictionaries(
        {"n": st.integers(1, 3)}, optional={"other": st.sampled_from(["Rest", False])}
    )
    said = {option: st.booleans() for option in ("subtotals", "grandTotal", "totalColumn")}
    optional = {**said, "sort": by, "top": top, **({"columnSort": by} if columns else {})}
    return draw(
        st.fixed_dictionaries(
            {"rows": st.just(rows), "columns": st.just(columns), "values": st.just(values)},
            optional=optional,
        )
    )


def equal(found: Number, expected: Fraction | int | None) -> bool:
    """Tell whether a number is the expected one, to 16 digits where it is a quotient."""
    if found is None or expected is None:
        return found is expected
    exact = Fraction(expected)
    return abs(Fraction(found) - exact) <= abs(exact) / 10**15


@settings(max_examples=50)
@given(SALES, definitions(), st.data())
def test_every_cell_is_made_of_the_rows_that_belong_to_it(
    sales: list[Sale], pivot: Mapping[str, Any], data: st.DataObject
) -> None:
    filters = _filters(sales, pivot, data)
    found = crossed(sales, **pivot, filters=filters)
    witness = Crossed(sales, {**pivot, "filters": filters})
    assert_equal(found, witness)


def _filters(sales: Sequence[Sale], pivot: Mapping[str, Any], data: st.DataObject) -> list[dict[str, Any]]:
    """Draw a report filter on a field that stands on no axis."""
    used = {name(axis) for axis in (*pivot["rows"], *pivot["columns"])}
    free = [axis for axis in AXES if name(axis) not in used]
    axis = data.draw(st.sampled_from(free))
    labels = sorted({label(sale, name(axis), sales) for sale in sales})
    values = data.draw(st.lists(st.sampled_from(labels), unique=True)) if labels else []
    filtered = {"field": axis} if isinstance(axis, str) else dict(axis)
    return [filtered | ({"values": values} if values else {})]


def assert_equal(found: PivotTable, witness: Crossed) -> None:
    pivot = witness.pivot
    subtotals = pivot.get("subtotals", True)
    across: list[tuple[str, ...]] = [()]
    if pivot["columns"]:
        lines = [path for path in witness.column_lines() if subtotals or len(path) == len(witness.columns)]
        across = [*lines, *([()] if pivot.get("totalColumn", True) else [])]
        kinds = {0: "total", len(witness.columns): "body"}
        assert [(item.labels, item.kind, item.level) for item in found.items] == [
            (_padded(path, len(witness.columns), "Total"), kinds.get(len(path), "subtotal"), len(path))
            for path in across
        ]
    down = [
        path for path in witness.row_lines() if subtotals or not path[0] or witness.rows[len(path) :] == []
    ]
    if down and pivot.get("grandTotal", True):
        down.append(())
    rest = f"{(pivot.get('top') or {}).get('other') or 'Other'} ({witness.left})"
    assert [(row.labels, row.level) for row in found.rows] == [
        (_padded((rest,) if path[:1] == ("",) else path, len(witness.rows), "Total"), len(path))
        for path in down
    ]
    for row, path in zip(found.rows, down, strict=True):
        cells = [(value, column) for column in across for value in pivot["values"]]
        for shown, (value, column) in zip(row.values, cells, strict=True):
            assert equal(shown, witness.shown(value, path, column)), (path, column, value)


def _padded(labels: tuple[str, ...], width: int, total: str) -> tuple[str, ...]:
    return (*(labels or (total,)), *[""] * (width - len(labels or (total,))))
