"""Charts: what they show stands in cells of the workbook, and what cannot be drawn is said instead."""

import datetime as dt
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from libreoffice import needs_pdftotext, needs_soffice, printed, recalculated
from sales import Sale, analysis, report
from workbook_lint import problems

from xlreport.backends import xlsx
from xlreport.cells import Range
from xlreport.errors import SpecError
from xlreport.findings import Findings
from xlreport.layout.chart_data import Point
from xlreport.layout.waterfall import Step, bars
from xlreport.layout.workbook import lay_out
from xlreport.plan import CellValue, Chart, ChartKind, Formula, SheetPlan, WorkbookPlan
from xlreport.spec import parse_report

Json = Mapping[str, Any]
YEARS = ("2015", "2016", "2017")
MOST_SERIES = 6


def shown(measure: str, show: str = "value") -> Json:
    return {"measure": measure, "show": show}


PIVOTS: dict[str, dict[str, Any]] = {
    "flat": {
        "rows": ["region"],
        "values": [shown("value"), shown("rows"), shown("value", "change"), shown("urgentShare")],
    },
    "ranked": {"rows": ["region"], "values": [shown("value")], "sort": {"by": 1}},
    "nested": {"rows": ["region", "product"], "values": [shown("value")]},
    "crossed": {"rows": ["region"], "columns": ["product"], "values": [shown("value")]},
    "buyersCrossed": {"rows": ["region"], "columns": ["product"], "values": [shown("buyers")]},
    "byYear": {"rows": ["region"], "columns": ["period"], "values": [shown("value")], "sparklines": True},
    "topByYear": {
        "rows": ["product"],
        "columns": ["period"],
        "values": [shown("value"), shown("rows")],
        "top": {"n": 3, "other": "Remaining"},
    },
}


def definition(*charts: Json, pivots: Sequence[str] = (), measures: Sequence[str] = ()) -> dict[str, Any]:
    """Return a report with ``charts`` on the sheet of their pivot, or else on the summary."""
    document = report(["value"])
    names = [*pivots, *(chart["pivot"] for chart in charts if "pivot" in chart)]
    document["pivots"] = {name: {"title": name, **PIVOTS[name]} for name in dict.fromkeys(names)}
    groups = [{"title": "Figures", "measures": list(measures or ("value", "rows", "buyers", "urgentShare"))}]
    own = [{"title": "Chart", **chart} for chart in charts if "pivot" not in chart]
    document["sheets"] = [
        {"kind": "summary", "name": "Summary", "groups": groups, "charts": own},
        *(
            {
                "kind": "pivot",
                "name": name,
                "pivots": [name],
                "charts": [{"title": "Chart", **chart} for chart in charts if chart.get("pivot") == name],
            }
            for name in document["pivots"]
        ),
    ]
    return document


def plan_of(sales: Sequence[Sale], document: Json) -> WorkbookPlan:
    return lay_out(analysis(sales, document), Findings(), as_of=dt.datetime(2017, 12, 31, tzinfo=dt.UTC))


def charts_of(sales: Sequence[Sale], *charts: Json, **more: Any) -> list[Chart]:
    """Return the charts of a workbook, and hold them against its cells."""
    plan = plan_of(sales, definition(*charts, **more))
    check(plan)
    return [chart for sheet in plan.sheets for chart in sheet.charts]


def chart_of(sales: Sequence[Sale], **chart: Any) -> Chart:
    (found,) = charts_of(sales, chart)
    return found


def notes_of(sales: Sequence[Sale], **chart: Any) -> list[str]:
    """Return what is said in the place of a chart."""
    plan = plan_of(sales, definition(chart))
    assert [chart for sheet in plan.sheets for chart in sheet.charts] == []
    return [text for sheet in plan.sheets for text in texts(sheet) if text.startswith("No chart")]


def texts(sheet: SheetPlan) -> Iterator[str]:
    values = (value for block in sheet.blocks for column in block.columns for value in column)
    return (value for value in values if isinstance(value, str))


# --- what a chart shows stands in the cells ------------------------------------------------------------


def cells_of(sheet: SheetPlan) -> dict[tuple[int, int], CellValue]:
    return {
        (block.row + down, block.column + across): value
        for block in sheet.blocks
        for across, column in enumerate(block.columns)
        for down, value in enumerate(column)
    }


def values_in(sheet: SheetPlan, cells: Range) -> tuple[object, ...]:
    found = cells_of(sheet)
    values = [
        found.get((row, column))
        for row in range(cells.first_row, cells.last_row + 1)
        for column in range(cells.first_column, cells.last_column + 1)
    ]
    return tuple(value.value if isinstance(value, Formula) else value for value in values)


def check(plan: WorkbookPlan) -> None:
    """Hold every chart of a workbook against the cells that it names."""
    for sheet in plan.sheets:
        for chart in sheet.charts:
            source = plan.sheet(chart.sheet or sheet.name)
            assert values_in(source, chart.categories) == chart.labels
            for series in chart.series:
                assert values_in(source, series.values) == series.numbers, series.name
            assert 1 <= sum(series.in_legend and bool(series.color) for series in chart.series) <= MOST_SERIES
            assert chart.title
            assert chart.alt_text.count(chart.labels[0]) >= 1
            below_zero = any((number or 0) < 0 for series in chart.series for number in series.numbers)
            assert (chart.axis.least == 0) is not below_zero or chart.kind is ChartKind.COMBINATION
        for group in sheet.sparklines:
            values = cells_of(sheet)
            assert all(values.get((cell.first_row, cell.first_column)) is None for cell in group.cells)
            assert all(source.height == 1 for source in group.sources)


def some_sales(
    seed: int = 1, *, least: int = 1, regions: str = "ABCDEFGH", products: str = "PQRSTUVW"
) -> list[Sale]:
    chance = random.Random(seed)  # noqa: S311  # the same in every run
    return [
        Sale(
            f"Region {chance.choice(regions)}",
            f"Product {chance.choice(products)}",
            chance.choice("ABC"),
            Decimal(chance.randint(least, 10**8)) / 100,
            chance.randint(2014, 2017),
            urgent=chance.random() < 0.3,
        )
        for _ in range(150)
    ]


WHOLE = ("column", "line", "stacked", "share", "waterfall")
KINDS: list[Json] = [
    *({"kind": kind, "pivot": "flat"} for kind in ("column", "bar", "line", "stacked", "waterfall")),
    {"kind": "combination", "pivot": "flat", "line": 2},
    {"kind": "waterfall", "pivot": "flat", "value": 3},
    {"kind": "bar", "pivot": "ranked"},
    *({"kind": kind, "pivot": "nested"} for kind in ("column", "bar", "waterfall")),
    *(
        {"kind": kind, "pivot": "crossed"}
        for kind in ("column", "line", "stacked", "share", "bar", "waterfall")
    ),
    *({"kind": kind, "pivot": "buyersCrossed"} for kind in ("column", "line", "stacked")),
    *(
        {"kind": kind, "pivot": "byYear"}
        for kind in ("column", "line", "stacked", "share", "bar", "waterfall")
    ),
    *({"kind": kind, "pivot": "topByYear"} for kind in WHOLE),
    {"kind": "combination", "pivot": "topByYear", "line": 2},
    {"kind": "column", "measures": ["value"]},
    {"kind": "line", "measures": ["rows", "buyers"]},
    {"kind": "stacked", "measures": ["rows", "buyers"]},
    {"kind": "share", "measures": ["rows", "buyers"]},
    {"kind": "combination", "measures": ["value", "rows"]},
    {"kind": "waterfall", "measures": ["value"]},
    {"kind": "waterfall", "measures": ["rows", "buyers"]},
]


def name_of(chart: Json) -> str:
    return f"{chart['kind']} of {chart.get('pivot') or ' and '.join(chart['measures'])}"


@pytest.mark.parametrize("chart", KINDS, ids=name_of)
@pytest.mark.parametrize("least", [1, -(10**8)], ids=["positive", "mixed"])
def test_numbers_and_labels_are_those_of_the_cells(chart: Json, least: int) -> None:
    sales = some_sales(least=least)
    if least < 0 and chart["kind"] == "share" and "pivot" in chart:
        assert "negative" in notes_of(sales, **chart)[0]
    else:
        assert chart_of(sales, **chart).kind == chart["kind"]


def test_a_chart_on_another_sheet_shows_the_cells_of_the_pivot() -> None:
    document = definition(pivots=["ranked"])
    document["sheets"][0]["charts"] = [{"kind": "bar", "title": "Bars", "pivot": "ranked"}]
    plan = plan_of(some_sales(), document)
    check(plan)
    assert plan.sheet("Summary").charts[0].sheet == "ranked"


def test_a_table_of_figures_on_another_sheet_refers_to_the_pivot() -> None:
    document = definition(pivots=["flat"])
    document["sheets"][0]["charts"] = [{"kind": "bar", "title": "Bars", "pivot": "flat"}]
    plan = plan_of([Sale("A", amount=Decimal(1)), Sale("B", amount=Decimal(2))], document)
    check(plan)
    summary = plan.sheet("Summary")
    first = summary.charts[0].series[0].values
    formula = cells_of(summary)[first.first_row, first.first_column]
    assert formula == Formula("flat!B7", Decimal(2))


# --- kinds ----------------------------------------------------------------------------------------------


def test_bars_are_ranked_with_the_rest_at_the_end() -> None:
    sales = [Sale(region, amount=Decimal(amount)) for region, amount in (("A", 5), ("B", 9), ("C", 7))]
    chart = chart_of(sales, kind="bar", pivot="flat")
    assert chart.labels == ("B", "C", "A")
    assert chart.series[0].numbers == (9, 7, 5)


def test_bars_stay_in_the_order_that_the_pivot_has_by_them() -> None:
    pivot = PIVOTS["ranked"] | {"sort": {"by": 1, "descending": False}}
    document = definition({"kind": "bar", "pivot": "ranked"})
    document["pivots"]["ranked"] = {"title": "Ranked", **pivot}
    plan = plan_of([Sale("A", amount=Decimal(5)), Sale("B", amount=Decimal(9))], document)
    assert plan.sheet("ranked").charts[0].labels == ("A", "B")


def test_periods_go_along_the_axis_and_rows_are_series() -> None:
    sales = [Sale("A", year=year, amount=Decimal(year)) for year in (2015, 2016, 2017)]
    chart = chart_of([*sales, Sale("B")], kind="line", pivot="byYear")
    assert chart.labels == YEARS
    assert [(series.name, series.numbers) for series in chart.series] == [
        ("A", (2015, 2016, 2017)),
        ("B", (None, None, 1)),
    ]
    assert "2015 to 2017" in chart.subtitle


def test_columns_of_a_pivot_are_series_over_its_rows() -> None:
    sales = [Sale("A", "P"), Sale("A", "Q", amount=Decimal(2)), Sale("B", "Q", amount=Decimal(3))]
    chart = chart_of(sales, kind="stacked", pivot="crossed")
    assert chart.labels == ("A", "B")
    assert [(series.name, series.numbers) for series in chart.series] == [("P", (1, None)), ("Q", (2, 3))]


def test_what_is_beyond_six_series_is_added_up_and_said() -> None:
    sales = [Sale("A", f"P{number}", amount=Decimal(number)) for number in range(1, 10)]
    chart = chart_of([*sales, Sale("B", "P9")], kind="stacked", pivot="crossed")
    assert [series.name for series in chart.series] == ["P5", "P6", "P7", "P8", "P9", "Other"]
    assert chart.series[-1].numbers == (1 + 2 + 3 + 4, None)
    assert "Other: 4 more added up" in chart.subtitle
    assert len({series.color for series in chart.series}) == MOST_SERIES


def test_the_rest_of_a_top_is_part_of_what_is_added_up() -> None:
    document = definition({"kind": "stacked", "pivot": "topByYear"})
    document["pivots"]["topByYear"]["top"]["n"] = 7
    sales = [Sale(product=f"P{number}", amount=Decimal(number)) for number in range(1, 11)]
    plan = plan_of(sales, document)
    check(plan)
    (chart,) = plan.sheet("topByYear").charts
    assert chart.series[-1].name == "Remaining"
    assert sum(series.numbers[-1] or 0 for series in chart.series) == sum(range(1, 11))


def test_what_does_not_add_up_is_left_out_and_counted() -> None:
    sales = [Sale("A", f"P{number}") for number in range(9)] + [Sale("B", "P1")]
    chart = chart_of(sales, kind="column", pivot="buyersCrossed")
    assert len(chart.series) == MOST_SERIES
    assert "6 of 9 series" in chart.subtitle


def test_shares_are_of_each_category() -> None:
    sales = [Sale("A", "P"), Sale("A", "Q", amount=Decimal(3)), Sale("B", "Q")]
    chart = chart_of(sales, kind="share", pivot="crossed")
    assert [series.numbers for series in chart.series] == [(Decimal("0.25"), None), (Decimal("0.75"), 1)]
    assert chart.axis.number_format == "0%"
    plan = plan_of(sales, definition({"kind": "share", "pivot": "crossed"}))
    formulas = {
        value.text for value in cells_of(plan.sheet("crossed")).values() if isinstance(value, Formula)
    }
    assert {"B6/SUM(B6:C6)", "C7/SUM(B7:C7)"} <= formulas


def test_a_combination_has_two_axes_in_their_units() -> None:
    chart = chart_of(some_sales(), kind="combination", measures=["value", "rows"])
    assert [series.on_second_axis for series in chart.series] == [False, True]
    assert chart.axis.title.startswith("USD")
    assert chart.second_axis is not None
    assert chart.second_axis.title == "number"
    assert not chart.second_axis.gridlines


def test_measures_of_another_unit_are_not_on_the_same_axis() -> None:
    chart = chart_of(some_sales(), kind="line", measures=["rows", "value"])
    assert [series.name for series in chart.series] == ["rows"]
    assert "without value" in chart.subtitle


def test_a_title_too_long_for_a_line_is_broken() -> None:
    chart = chart_of(some_sales(), kind="line", measures=["rows"], title="A long title " * 10)
    assert all(len(line) < 80 for line in chart.title.split("\n"))
    assert "".join(chart.title.split()) == "Alongtitle" * 10


def test_the_subtitle_says_who_what_unit_and_when_once() -> None:
    document = definition({"kind": "column", "measures": ["rows"], "title": "Rows, 2015 to 2017"})
    document["parameters"]["organisation"] = "Ministry of Works"
    (chart,) = plan_of(some_sales(), document).sheet("Summary").charts
    assert chart.subtitle == "Ministry of Works · number"


def test_the_alternative_text_says_what_is_seen() -> None:
    sales = [Sale(year=year, amount=Decimal(amount)) for year, amount in ((2015, 5), (2016, 9), (2017, 7))]
    chart = chart_of(sales, kind="column", measures=["value"], title="Value")
    assert chart.alt_text == (
        "Column chart: Value. USD · 2015 to 2017. 3 categories: 2015 to 2017. "
        "First 5.00 (2015), last 7.00 (2017), highest 9.00 (2016), lowest 5.00 (2015)."
    )


def test_labels_stand_only_where_there_is_room() -> None:
    few = [Sale(f"R{number}", amount=Decimal(number)) for number in range(1, 5)]
    many = [Sale(f"R{number:02}", amount=Decimal(number)) for number in range(1, 40)]
    assert chart_of(few, kind="column", pivot="flat").series[0].labels is not None
    crowded = chart_of(many, kind="column", pivot="flat", most=40)
    assert crowded.series[0].labels is None
    assert crowded.axis.gridlines
    assert crowded.label_turn == 90
    assert chart_of(many, kind="bar", pivot="flat", most=40).height > 15


def test_parts_too_low_for_a_figure_have_none() -> None:
    sales = [Sale("A", "P", amount=Decimal(1000)), Sale("A", "Q"), Sale("B", "Q", amount=Decimal(900))]
    _, small = chart_of(sales, kind="stacked", pivot="crossed").series
    assert small.labels is not None
    assert small.labels.without == (0,)


def test_the_latest_columns_are_kept_where_there_are_too_many_categories() -> None:
    sales = [Sale(f"R{number:02}", amount=Decimal(number)) for number in range(1, 20)]
    chart = chart_of(sales, kind="bar", pivot="flat", most=5)
    assert chart.labels == ("R19", "R18", "R17", "R16", "R15")
    assert "first 5 of 19" in chart.subtitle


def test_labels_of_a_line_stand_below_its_valleys() -> None:
    sales = [Sale(year=year, amount=Decimal(amount)) for year, amount in ((2015, 5), (2016, 2), (2017, 7))]
    (line,) = chart_of(sales, kind="line", measures=["value"]).series
    assert line.labels is not None
    assert (line.labels.place, line.labels.below) == ("above", (1,))


# --- waterfalls -----------------------------------------------------------------------------------------


def steps_in(chart: Chart) -> list[tuple[str, Decimal]]:
    """Return each step with its total or signed change, as the columns show it."""
    columns = {series.name: series.numbers for series in chart.series}
    empty = (0,) * len(chart.labels)
    parts = [
        columns.get(name, empty)
        for name in ("Total", "Increase", "Decrease", "Increase below zero", "Decrease below zero")
    ]
    return [
        (label, Decimal(total + up - down - up_below + down_below))
        for label, total, up, down, up_below, down_below in zip(chart.labels, *parts, strict=True)
    ]


def test_a_waterfall_leads_from_period_to_period() -> None:
    sales = [
        Sale("A", amount=Decimal(10), year=2016),
        Sale("B", amount=Decimal(5), year=2016),
        Sale("A", amount=Decimal(4)),
        Sale("C", amount=Decimal(8)),
    ]
    chart = chart_of(sales, kind="waterfall", pivot="byYear")
    assert steps_in(chart) == [("2016", 15), ("A", -6), ("B", -5), ("C", 8), ("2017", 12)]


def test_a_waterfall_of_changes_says_what_is_new_or_gone() -> None:
    sales = [
        Sale("A", amount=Decimal(10), year=2016),
        Sale("B", amount=Decimal(5), year=2016),
        Sale("A", amount=Decimal(14)),
        Sale("C", amount=Decimal(8)),
    ]
    chart = chart_of(sales, kind="waterfall", pivot="flat", value=3)
    assert steps_in(chart) == [("2016", 15), ("A", 4), ("New or gone", 3), ("2017", 22)]


def test_a_waterfall_of_values_builds_up_the_total() -> None:
    sales = [Sale("A", amount=Decimal(3)), Sale("B", amount=Decimal(-5)), Sale("C", amount=Decimal(1))]
    chart = chart_of(sales, kind="waterfall", pivot="flat")
    assert steps_in(chart) == [("A", 3), ("B", -5), ("C", 1), ("Total", -1)]


def test_a_waterfall_of_one_measure_goes_through_the_history() -> None:
    sales = [Sale(year=year, amount=Decimal(amount)) for year, amount in ((2015, 5), (2016, 9), (2017, 7))]
    chart = chart_of(sales, kind="waterfall", measures=["value"])
    assert steps_in(chart) == [("2015 total", 5), ("2016", 4), ("2017", -2), ("2017 total", 7)]


def test_small_steps_beyond_those_wanted_are_added_up() -> None:
    sales = [Sale(f"R{number}", amount=Decimal(number)) for number in range(1, 9)]
    chart = chart_of(sales, kind="waterfall", pivot="flat", most=4)
    assert steps_in(chart) == [("R6", 6), ("R7", 7), ("R8", 8), ("Other (5)", 15), ("Total", 36)]


def test_a_step_across_zero_has_one_figure_the_whole() -> None:
    sales = [Sale("A", amount=Decimal(3)), Sale("B", amount=Decimal(-5)), Sale("C", amount=Decimal(4))]
    chart = chart_of(sales, kind="waterfall", pivot="flat")
    written = [(series.name, series.labels.texts) for series in chart.series if series.labels]
    assert ("Decrease", ((1, "-5.00"),)) in written
    assert ("Increase", ((2, "+4.00"),)) in written or ("Increase below zero", ((2, "+4.00"),)) in written


def test_figures_of_steps_that_would_run_into_one_another_are_left_out() -> None:
    sales = [Sale(f"R{number:02}", amount=Decimal(number) * 10**9) for number in range(1, 16)]
    chart = chart_of(sales, kind="waterfall", pivot="flat")
    assert all(series.labels is None for series in chart.series)


AMOUNTS = st.decimals(min_value=-(10**6), max_value=10**6, places=2)


@given(st.lists(st.tuples(AMOUNTS, st.booleans()), min_size=1, max_size=8))
def test_the_visible_part_of_a_step_is_from_the_level_before_to_its_own(
    steps: list[tuple[Decimal, bool]],
) -> None:
    before = Decimal(0)
    found = bars([Step("", Point(amount), is_total=total) for amount, total in steps])
    for bar, (amount, total) in zip(found, steps, strict=True):
        before = Decimal(0) if total else before
        assert bar.level == before + amount
        segments = (bar.base, bar.total, bar.up, bar.down, bar.up_below, bar.down_below)
        top = sum(part for part in segments if part > 0)
        bottom = sum(part for part in segments if part < 0)
        upper, lower = max(before, bar.level), min(before, bar.level)
        assert top == max(upper, 0)
        assert bottom == min(lower, 0)
        assert max(bar.base, 0) == max(lower, 0)
        assert min(bar.base, 0) == min(upper, 0)
        before = bar.level


# --- nothing to draw ------------------------------------------------------------------------------------

UNKNOWN = [Sale("A", amount=None), Sale("B", amount=None)]


@pytest.mark.parametrize(
    ("sales", "chart", "words"),
    [
        ([], {"kind": "bar", "pivot": "flat"}, "it has no rows in the period"),
        ([], {"kind": "waterfall", "pivot": "flat"}, "it has no rows in the period"),
        (
            [Sale("A", amount=None), Sale("B", amount=None)],
            {"kind": "bar", "pivot": "flat"},
            "none of its figures is",
        ),
        (
            [Sale("A", amount=None), Sale("B", amount=None)],
            {"kind": "waterfall", "pivot": "flat"},
            "none of its",
        ),
        ([Sale("A")], {"kind": "column", "pivot": "flat"}, "its only figure is 1.00 (A)"),
        ([Sale("A")], {"kind": "waterfall", "pivot": "flat"}, "it has one part only, which is the whole (A)"),
        ([Sale("A")], {"kind": "share", "pivot": "crossed"}, "it has one part only, which is the whole"),
        (
            [Sale("A", "P", amount=Decimal(0)), Sale("A", "Q", amount=Decimal(0))],
            {"kind": "share", "pivot": "crossed"},
            "its figures are all zero",
        ),
        (
            [Sale("A", "P", amount=Decimal(-1)), Sale("A", "Q")],
            {"kind": "share", "pivot": "crossed"},
            "some of its figures are negative",
        ),
        ([Sale()], {"kind": "column", "measures": ["mean"]}, "none of its measures is on this sheet"),
        ([Sale("A"), Sale("B")], {"kind": "waterfall", "pivot": "buyersCrossed"}, "is no sum"),
    ],
)
def test_the_reason_stands_in_the_place_of_a_chart(sales: list[Sale], chart: Json, words: str) -> None:
    (note,) = notes_of(sales, **chart, title="Headline")
    assert note.startswith("No chart “Headline”: ")
    assert words in note


# --- definitions ----------------------------------------------------------------------------------------

PATH = "$.sheets[1].charts[0]"


@pytest.mark.parametrize(
    ("chart", "words"),
    [
        ({"kind": "pie", "pivot": "flat"}, f"{PATH}.kind: 'pie' is not allowed"),
        ({"kind": "bar", "pivot": "flat", "value": 9}, f"{PATH}.value: the pivot 'flat' has 4 value fields"),
        ({"kind": "combination", "pivot": "flat"}, f"{PATH}: a combination of a pivot needs line"),
        ({"kind": "combination", "pivot": "flat", "line": 9}, f"{PATH}.line: the pivot 'flat' has 4 value"),
        ({"kind": "combination", "pivot": "flat", "line": 3}, f"{PATH}.line: value fields 1 and 3 are both"),
        ({"kind": "bar", "pivot": "flat", "line": 2}, f"{PATH}.line: only a combination has a line"),
        ({"kind": "share", "pivot": "flat"}, f"{PATH}.kind: shares are those of the columns"),
        ({"kind": "waterfall", "pivot": "shares"}, f"{PATH}.value: a waterfall shows a value or a change"),
        ({"kind": "combination", "measures": ["rows", "buyers"]}, f"{PATH}.measures: a combination shows"),
        ({"kind": "combination", "measures": ["rows", "value", "urgentShare"]}, "count, money and ratio"),
        (
            {"kind": "waterfall", "measures": ["rows", "value"]},
            f"{PATH}.measures: a waterfall shows",
        ),
        ({"kind": "share", "measures": ["rows"]}, f"{PATH}.measures: shares are those of several"),
        ({"kind": "line", "measures": ["rows"], "line": 1}, f"{PATH}.line: only value fields of a pivot"),
        ({"kind": "line"}, f"{PATH}: a chart shows a pivot or measures"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_sentence(chart: Json, words: str) -> None:
    document = definition({"kind": "bar", "pivot": "flat"})
    document["pivots"]["shares"] = {"title": "x", "rows": ["region"], "values": [shown("value", "share")]}
    document["sheets"][1]["charts"] = [{"title": "Chart", **chart}]
    with pytest.raises(SpecError) as refused:
        parse_report(document)
    assert len(str(refused.value).splitlines()) == 1
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("pivot", "words"),
    [
        ({"rows": ["region"], "values": [shown("value")]}, "shows figures over time"),
        (
            {"rows": ["region"], "columns": ["period"], "values": [shown("value"), shown("rows")]},
            "this pivot has 2 value fields",
        ),
    ],
)
def test_sparklines_need_one_figure_over_time(pivot: Json, words: str) -> None:
    document = definition()
    document["pivots"] = {"trend": {"title": "x", "sparklines": True, **pivot}}
    with pytest.raises(SpecError, match=r"\$\.pivots\.trend\.sparklines: a sparkline") as refused:
        parse_report(document)
    assert words in str(refused.value)


# --- figures in cells -----------------------------------------------------------------------------------


def test_the_summary_has_trends_and_arrows_beside_its_figures() -> None:
    summary = plan_of(some_sales(), definition()).sheet("Summary")
    (trends,) = summary.sparklines
    assert [str(cell) for cell in trends.cells] == ["H7", "H8", "H9", "H10"]
    assert [str(source) for source in trends.sources] == ["E7:G7", "E8:G8", "E9:G9", "E10:G10"]
    assert trends.least == 0
    assert cells_of(summary)[5, 8] == "Trend"
    (icons,) = (rule for rule in summary.conditional if rule.kind == "icons")
    assert (str(icons.range), icons.band) == ("D7:D10", Decimal("0.01"))


def test_trends_below_zero_do_not_begin_at_zero() -> None:
    sales = [Sale(year=year, amount=Decimal(amount)) for year, amount in ((2015, 5), (2016, -9), (2017, 7))]
    summary = plan_of(sales, definition(measures=["rows", "value"])).sheet("Summary")
    assert [(group.least, bool(group.negative), len(group.cells)) for group in summary.sparklines] == [
        (0, False, 1),
        (None, True, 1),
    ]


def test_two_periods_are_no_trend() -> None:
    document = definition()
    document["parameters"]["history"] = 2
    summary = plan_of(some_sales(), document).sheet("Summary")
    assert summary.sparklines == ()
    assert "Trend" not in texts(summary)


def test_there_is_no_relative_change_from_less_than_nothing() -> None:
    sales = [Sale(year=2016, amount=Decimal(-2)), Sale(amount=Decimal(-4))]
    summary = plan_of(sales, definition(measures=["value"])).sheet("Summary")
    assert cells_of(summary)[7, 3] == Formula("G7-F7", Decimal(-2))
    assert cells_of(summary)[7, 4] is None


def test_a_pivot_by_period_has_trends_beside_its_total() -> None:
    sheet = plan_of(some_sales(regions="AB"), definition(pivots=["byYear"])).sheet("byYear")
    (trends,) = sheet.sparklines
    assert [(str(cell), str(source)) for cell, source in zip(trends.cells, trends.sources, strict=True)] == [
        ("F6", "B6:D6"),
        ("F7", "B7:D7"),
        ("F8", "B8:D8"),
    ]
    assert cells_of(sheet)[5, 6] == "Trend"


def test_a_value_field_may_have_bars() -> None:
    document = definition(pivots=["ranked"])
    document["pivots"]["ranked"]["values"] = [{"measure": "value", "bars": True}]
    sheet = plan_of([Sale("A"), Sale("B")], document).sheet("ranked")
    (rule,) = sheet.conditional
    assert (rule.kind, str(rule.range)) == ("bar", "B6:B7")
    assert rule.negative not in ("", rule.color)


# --- the workbook ---------------------------------------------------------------------------------------


def long_labels(sale: Sale) -> Sale:
    names = {"A": "الرياض والمناطق المجاورة", "B": "Санкт-Петербург и Ленинградская область"}
    name = sale.region.removeprefix("Region ") if sale.region else ""
    return Sale(names.get(name, f"A region with a name as long as {name}"), sale.product, amount=sale.amount)


SALES: Mapping[str, Callable[[], list[Sale]]] = {
    "positive": some_sales,
    "mixed": lambda: some_sales(least=-(10**8)),
    "long": lambda: [long_labels(sale) for sale in some_sales()],
    "none": list,
    "one": lambda: [Sale()],
}


@pytest.mark.parametrize("sales", SALES)
def test_a_workbook_with_every_kind_has_no_problems(sales: str, tmp_path: Path) -> None:
    plan = plan_of(SALES[sales](), definition(*KINDS))
    check(plan)
    assert problems(xlsx.write(plan, tmp_path / "charts.xlsx")) == []


def number(text: str) -> float:
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


@needs_soffice
def test_the_figures_of_charts_are_calculated_to_the_stored_values(tmp_path: Path) -> None:
    plan = plan_of(some_sales(least=-(10**8)), definition(*KINDS))
    found = recalculated({"charts": xlsx.write(plan, tmp_path / "charts.xlsx")}, tmp_path / "out")["charts"]
    for sheet in plan.sheets:
        for (row, column), value in cells_of(sheet).items():
            if isinstance(value, Formula) and value.value is not None:
                calculated, stored = found[sheet.name][row - 1][column - 1], float(str(value.value))
                assert number(calculated) == pytest.approx(stored, rel=1e-9, abs=1e-6), value


@needs_soffice
@needs_pdftotext
def test_every_kind_is_drawn(tmp_path: Path) -> None:
    charts = [{**chart, "title": f"Picture {number}"} for number, chart in enumerate(KINDS)]
    file = xlsx.write(plan_of(some_sales(), definition(*charts)), tmp_path / "all.xlsx")
    text = printed([file], tmp_path, pages=99)["all"]
    found = {int(picture) for picture in re.findall(r"Picture (\d+)(?![\d:])", text)}
    assert found == set(range(len(charts)))
    assert "###" not in text
