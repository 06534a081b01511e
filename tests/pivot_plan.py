"""A workbook with every kind of native PivotTable, slicer and pivot chart that a plan can say.

``python tests/pivot_plan.py FILE`` writes it, for those who want to look at it or to check it.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pivoter import Pivoted, Place, Row, Shape, Value, cache_of, pivoted
from sample_plan import AS_OF

from xlreport.backends import xlsx
from xlreport.cells import Range
from xlreport.plan import (
    Block,
    Chart,
    ChartKind,
    ConditionalFormat,
    Labels,
    Series,
    SheetPlan,
    TablePlan,
    WorkbookPlan,
)
from xlreport.plan_pivots import PivotCache, SlicerPlan
from xlreport.styles import DEFAULT_THEME, Role

AMOUNTS = "Amount\n(EUR)"
COLUMNS = ("Region", "Year", "Product", "Quarter", AMOUNTS, "Units", "Remark")
REGIONS = ("North", "South & East", "west")
YEARS = (2023, 2024, 2025)
PRODUCTS = ("Port", "Road", "Rail\nlink")
QUARTERS = ("Q1", "Q2")
LISTED = COLUMNS[:4]

ROWS: list[dict[str, Any]] = [
    {
        "Region": region,
        "Year": year,
        "Product": product,
        "Quarter": quarter,
        AMOUNTS: Decimal(1000 * (r + 1) + 137 * (y + 1) + 31 * p * p + 7 * q) / 4 + r * r * y * 50,
        "Units": (r + 2) * (y + 1) + p + q,
        "Remark": "=1+1" if r == y else None,
    }
    for r, region in enumerate(REGIONS)
    for y, year in enumerate(YEARS)
    for p, product in enumerate(PRODUCTS)
    for q, quarter in enumerate(QUARTERS)
]

AMOUNT = Value(AMOUNTS, "Sum of amount")
UNITS = Value("Units", "Sum of units", number_format="#,##0")
REGION, YEAR, PRODUCT, QUARTER = map(Place, LISTED)


def shown_as(show: str, base: str = "") -> Value:
    return replace(AMOUNT, caption=f"{show} of amount", show=show, base=base, number_format="0.0%")


SHAPES = (
    Shape("OneValue", (REGION,), (AMOUNT,)),
    Shape("Values", (REGION,), (AMOUNT, UNITS, Value("Units", "Mean", "average"))),
    Shape("Across", (REGION,), (AMOUNT,), (YEAR,), alt_text='Amounts by "region" & year'),
    Shape("Outline", (REGION, YEAR, PRODUCT), (AMOUNT, UNITS), (QUARTER,)),
    Shape("Tabular", (REGION, YEAR, PRODUCT), (AMOUNT,), (QUARTER,), form="tabular"),
    Shape("Compact", (REGION, YEAR, PRODUCT), (AMOUNT, UNITS), (QUARTER,), form="compact", banded=True),
    Shape("TwoAcross", (REGION,), (AMOUNT, UNITS), (YEAR, QUARTER), form="tabular"),
    Shape("NoSubtotals", (replace(REGION, subtotals=False), YEAR), (AMOUNT,), (QUARTER,)),
    Shape(
        "NoTotals",
        (replace(REGION, subtotals=False, caption="Region of the world"), YEAR),
        (AMOUNT,),
        (QUARTER,),
        form="tabular",
        row_totals=False,
        column_totals=False,
    ),
    Shape("NoTotalRow", (REGION,), (AMOUNT, UNITS), (YEAR,), column_totals=False),
    Shape("NoTotalColumn", (REGION,), (AMOUNT, UNITS), (YEAR,), row_totals=False),
    Shape("FilterOne", (PRODUCT,), (AMOUNT,), (YEAR,), pages=(("Region", ("North",)),)),
    Shape(
        "FilterSeveral",
        (PRODUCT,),
        (AMOUNT,),
        pages=(("Region", ("North", "west")), ("Quarter", ())),
        form="tabular",
    ),
    Shape("ByValue", (replace(PRODUCT, sort="descending", by=0),), (AMOUNT, UNITS)),
    Shape("Descending", (replace(YEAR, sort="descending"), replace(REGION, sort="manual")), (AMOUNT,)),
    Shape("Top", (replace(PRODUCT, top=2, sort="descending", by=0),), (AMOUNT,), (YEAR,)),
    Shape(
        "Aggregates",
        (REGION, YEAR),
        (
            Value("Units", "Number of rows", "count", number_format="0"),
            Value(AMOUNTS, "Average", "average"),
            Value(AMOUNTS, "Least", "min"),
            Value("Units", "Greatest", "max"),
        ),
        form="tabular",
    ),
    Shape("Shares", (REGION,), (shown_as("share"),), (YEAR,)),
    Shape("RowShares", (REGION,), (shown_as("shareOfRow"),), (YEAR,)),
    Shape("ColumnShares", (REGION,), (shown_as("shareOfColumn"),), (YEAR,)),
    Shape("Differences", (REGION,), (shown_as("difference", "Year"),), (YEAR,)),
    Shape("PercentDifferences", (YEAR,), (AMOUNT, shown_as("differencePercent", "Year"))),
    Shape("Running", (YEAR, QUARTER), (AMOUNT, shown_as("runningTotal", "Year")), form="tabular"),
    Shape("Cumulative", (YEAR,), (AMOUNT, shown_as("cumulativeShare", "Year"))),
    Shape("Rank", (REGION,), (AMOUNT, shown_as("rank", "Region")), (replace(YEAR, caption="Calendar year"),)),
)
"""One for each thing that a pivot can do."""

SLICED = ("OneValue", "Values", "Across")
"""The pivots that the slicer for years filters; the first two do not show that field."""


def pivot_plan(shapes: Sequence[Shape] = SHAPES) -> WorkbookPlan:
    """Return a workbook with a table, a sheet for each of the pivots, slicers and charts."""
    cache = cache_of("Orders", COLUMNS, ROWS, LISTED)
    sheets = [_pivot_sheet(shape, cache, ROWS) for shape in shapes]
    if {shape.name for shape in shapes} >= set(SLICED):
        sheets[0] = _with_slicers(sheets[0])
        sheets[2] = _with_charts(sheets[2])
    return WorkbookPlan("Pivots", (*sheets, _data(ROWS)), AS_OF, caches=(cache,))


def _pivot_sheet(shape: Shape, cache: PivotCache, rows: Sequence[Row]) -> SheetPlan:
    made = pivoted(shape, cache, rows, (6, 1), sliced=("Year",) if shape.name in SLICED else ())
    return pivot_sheet(made, shape.name)


def pivot_sheet(made: Pivoted, name: str) -> SheetPlan:
    title = Block.of_rows(Role.TITLE, 1, 1, [[name]])
    return SheetPlan(name, (title, *made.blocks), widths={1: 20}, pivots=(made.plan,))


def _with_slicers(sheet: SheetPlan) -> SheetPlan:
    """Add a slicer for several pivots and one for a single pivot beside a chart, and data bars."""
    years = SlicerPlan("Year", "Year", "Orders", "Year", 2, 6, 4, 5, SLICED, alt_text="Choose the years")
    regions = SlicerPlan(
        "Region", "Region & place", "Orders", "Region", 2, 9, 6, 3.5, ("OneValue",), across=2
    )
    bars = ConditionalFormat(Range.at(7, 2, 3), "bar", "9DC3E6")
    chart = _chart(sheet, ChartKind.BAR, 16)
    return replace(sheet, slicers=(years, regions), conditional=(bars,), charts=(chart,))


def _with_charts(sheet: SheetPlan) -> SheetPlan:
    return replace(sheet, charts=(_chart(sheet, ChartKind.COLUMN, 14), _chart(sheet, ChartKind.LINE, 30)))


def _chart(sheet: SheetPlan, kind: ChartKind, row: int) -> Chart:
    """Return a chart of a pivot with one field on its rows."""
    pivot = sheet.pivots[0]
    block = sheet.blocks[-1]
    first, height = pivot.header_rows, len(REGIONS)
    lines = [at for at, line in enumerate(pivot.column_lines, 1) if line.kind == "body"]
    return Chart(
        kind=kind,
        title=f"Amounts, EUR, as {kind}",
        row=row,
        column=1,
        width=14,
        height=7,
        categories=Range.at(block.row + first, 1, height),
        labels=tuple(map(str, block.columns[0][first : first + height])),
        series=tuple(
            Series(
                str(block.columns[at][first - 1]),
                Range.at(block.row + first, 1 + at, height),
                tuple(block.columns[at][first : first + height]),
                DEFAULT_THEME.series[number],
                Labels("#,##0", "222222", "outside") if kind is ChartKind.BAR else None,
            )
            for number, at in enumerate(lines)
        ),
        alt_text="Amounts by region",
        pivot=pivot.name,
    )


def _data(rows: Sequence[Row]) -> SheetPlan:
    return data_sheet("Orders", COLUMNS, rows, slicers=_TABLE_SLICERS)


_TABLE_SLICERS = (
    SlicerPlan("Orders_Product", "Product", "Orders", "Product", 2, 10, 4, 6, style="SlicerStyleDark2"),
    SlicerPlan("Orders_Quarter", "Quarter", "Orders", "Quarter", 2, 13, 4, 6),
)


def data_sheet(
    table: str, columns: Sequence[str], rows: Sequence[Row], *, slicers: tuple[SlicerPlan, ...] = ()
) -> SheetPlan:
    place = Range.at(1, 1, len(rows) + 1, len(columns))
    return SheetPlan(
        "R&D data",
        (
            Block.of_rows(Role.HEADER, 1, 1, [columns]),
            Block(Role.BODY, 2, 1, tuple(tuple(row[name] for row in rows) for name in columns)),
        ),
        tables=(TablePlan(table, place, tuple(columns)),),
        slicers=slicers,
    )


if __name__ == "__main__":
    xlsx.write(pivot_plan(), sys.argv[1])
