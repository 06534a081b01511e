"""Any plan, written column by column and cell by cell: the same cells both ways."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_plan import AS_OF, sample_plan
from witness_cells import Look, read_cells, witness_cells

from xlreport.backends import xlsx
from xlreport.backends.xlsx import markup, sheetdata
from xlreport.cells import Range
from xlreport.plan import Block, CellValue, Formula, SheetPlan, StyleRun, WorkbookPlan
from xlreport.styles import Role, Style

PLAIN = "abcxyz_&<>\"' =+-@|0\t\n\r\u00e9\u0416\U0001f600"
TEXTS = st.text(PLAIN, max_size=6) | st.sampled_from(
    ["=1", "-a", " edge ", "a|", "| b", "_x0041_", "", "same"]
)
AMOUNTS = st.decimals(-(10**9), 10**9, places=2)
DAYS = st.dates(dt.date(1890, 1, 1), dt.date(2100, 1, 1))
MOMENTS = st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2050, 1, 1))  # noqa: DTZ001  # Excel's have no zone
FLOATS = st.floats(-1e12, 1e12)
FORMULAS = st.builds(
    Formula, st.just("A1&B1"), st.none() | AMOUNTS | st.booleans() | DAYS | st.text("ab&<", min_size=1)
)
KINDS: list[st.SearchStrategy[CellValue]] = [
    *(TEXTS, AMOUNTS, DAYS, MOMENTS, FLOATS, FORMULAS),
    *(st.integers(-(10**12), 10**12), st.booleans(), st.none()),
]
STYLES = st.builds(
    Style,
    bold=st.booleans(),
    number_format=st.sampled_from(["General", "0.00"]),
    fill=st.sampled_from(["", "EEEEEE"]),
)


@st.composite
def columns(draw: st.DrawFn, height: int) -> list[CellValue]:
    """Return a column of one kind, of one kind with gaps, of few values, or of everything."""
    one = draw(st.sampled_from(KINDS))
    few = st.sampled_from(draw(st.lists(one, min_size=1, max_size=3)))
    kind = draw(st.sampled_from([one, one | st.none(), few, few | st.none(), st.one_of(KINDS)]))
    return draw(st.lists(kind, min_size=height, max_size=height))


@st.composite
def sheets(draw: st.DrawFn) -> SheetPlan:
    """Return two blocks, one below the other, with styles that begin and end anywhere."""
    blocks, row = [], 1
    for _ in range(2):
        height = draw(st.integers(1, 12))
        row += draw(st.integers(0, 2))
        width = draw(st.integers(1, 4))
        column = draw(st.integers(1, 28))
        values = tuple(draw(columns(height)) for _ in range(width))
        blocks.append(Block(Role.BODY, row, column, values))
        row += height
    first = draw(st.integers(1, row))
    runs = (
        StyleRun(Range(first, 1, first + draw(st.integers(0, 9)), 2), draw(STYLES)),
        StyleRun(Range(1, 3, draw(st.integers(1, row)), 29), draw(STYLES)),
    )
    return SheetPlan("Data", tuple(blocks), runs)


def assert_both_ways_agree(plan: WorkbookPlan) -> None:
    looks: dict[str, Look] = {}
    with zipfile.ZipFile(io.BytesIO(xlsx.to_bytes(plan))) as package:
        strings = package.read("xl/sharedStrings.xml")
        for number, sheet in enumerate(plan.sheets, 1):
            found = read_cells(package.read(f"xl/worksheets/sheet{number}.xml"), strings)
            wanted = witness_cells(sheet)
            assert {place: cell for place, (cell, _) in found.items()} == {
                place: cell for place, (cell, _) in wanted.items()
            }
            for place, (_, look) in wanted.items():
                assert looks.setdefault(found[place][1], look) == look, place
    assert len(set(looks.values())) == len(looks)


@given(sheet=sheets(), block=st.integers(1, 20), shared=st.sampled_from([0, 3, 1000]))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_plan_has_the_same_cells_both_ways(
    monkeypatch: pytest.MonkeyPatch, sheet: SheetPlan, block: int, shared: int
) -> None:
    """Blocks are made so short, and sharing so rare, that every way through the writer is gone."""
    monkeypatch.setattr(sheetdata, "_BLOCK", block)
    monkeypatch.setattr(sheetdata, "_FEWEST_ROWS", 1)
    monkeypatch.setattr(markup, "_ALWAYS_SHARED", shared)

    assert_both_ways_agree(WorkbookPlan("Plan", (sheet,), AS_OF))


def test_the_sample_has_the_same_cells_both_ways() -> None:
    assert_both_ways_agree(sample_plan())


def test_a_long_column_has_the_same_cells_both_ways() -> None:
    height = 5000
    values = (
        [f"C-{row}" for row in range(height)],
        [("Angola", "Brazil", None)[row % 3] for row in range(height)],
        [Decimal(row) / 4 for row in range(height)],
    )
    sheet = SheetPlan("Data", (Block(Role.BODY, 1, 1, values),))
    assert_both_ways_agree(WorkbookPlan("Plan", (sheet,), AS_OF))
