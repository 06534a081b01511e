"""Each figure of a summary leads to the rows that it is made of, and they come to it."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libreoffice import needs_soffice, recalculated
from opened_workbook import parsed_range
from sales import Sale, analysis, report
from workbook_kinds import SHOWCASE

import xlreport
from xlreport.analysis import behind
from xlreport.analysis.behind import room_for
from xlreport.analysis.results import Analysis, Backed, RowBlock
from xlreport.errors import SpecError
from xlreport.findings import Findings
from xlreport.layout.workbook import lay_out
from xlreport.plan import Formula, SheetPlan, WorkbookPlan
from xlreport.sample import write_sample

AS_OF = dt.datetime(2018, 1, 31, tzinfo=dt.UTC)
ROWS = "Rows"
AGGREGATES: Mapping[str, Callable[[list[Decimal]], Any]] = {
    "SUM": sum,
    "ROWS": len,
    "AVERAGE": mean,
    "MEDIAN": median,
    "MAX": max,
    "MIN": min,
}
AGGREGATE = re.compile(rf"({'|'.join(AGGREGATES)})\(([A-Z]+\d+:[A-Z]+\d+)\)")

SHARES = {
    "first": {"title": "first", "concentration": {"of": "value", "by": "customer", "top": 1}},
    "firstTwo": {"title": "firstTwo", "concentration": {"of": "value", "by": "customer", "top": 2}},
    "hhi": {"title": "hhi", "concentration": {"of": "value", "by": "customer", "top": 0}},
    "hhiOfRows": {"title": "hhiOfRows", "concentration": {"of": "rows", "by": "region", "top": 0}},
    "hhiOfMeans": {"title": "hhiOfMeans", "concentration": {"of": "mean", "by": "region", "top": 0}},
}

texts = st.sampled_from(["A", "B", "=C", "@d", None])
sale = st.builds(
    Sale,
    region=texts,
    product=texts,
    customer=texts,
    amount=st.none() | st.decimals(Decimal("-9.99"), Decimal("99.99"), places=2),
    year=st.sampled_from([2015, 2016, 2017, 2017, 2017]),
    size=st.none() | st.integers(-3, 9),
    urgent=st.sampled_from([True, False, None]),
)


def definition(**rows: object) -> dict[str, Any]:
    """Return the definition of a report of sales with a summary of every measure, and the rows behind it."""
    document = report()
    document["measures"] |= SHARES
    summary = {
        "kind": "summary",
        "name": "Summary",
        "groups": [{"title": "All", "measures": [*document["measures"]]}],
    }
    checks = {"kind": "checks", "name": "Checks"}
    document["sheets"] = [summary, {"kind": "rows", "name": ROWS, **rows}, checks]
    return document


def blocks(made: Analysis) -> dict[str, tuple[RowBlock, Backed]]:
    return {figure.measure: (block, figure) for block in made.behind for figure in block.figures}


def planned(made: Analysis) -> WorkbookPlan:
    return lay_out(made, Findings([]), as_of=AS_OF)


def cells(sheet: SheetPlan) -> dict[tuple[int, int], Any]:
    return {
        (block.row + down, block.column + right): value
        for block in sheet.blocks
        for right, column in enumerate(block.columns)
        for down, value in enumerate(column)
        if value is not None
    }


def number(value: Any) -> Decimal:
    return Decimal(value.value if isinstance(value, Formula) else value)


def close(one: object, other: object) -> bool:
    return abs(Decimal(str(one)) - Decimal(str(other))) <= Decimal("1e-12") * max(1, abs(Decimal(str(other))))


def column(sheet: Mapping[tuple[int, int], Any], place: str) -> list[Any]:
    """Return what stands in the cells of a range of one column, empty ones as None."""
    area = parsed_range(place)
    assert area is not None
    return [sheet.get((row, area.first_column)) for row in range(area.first_row, area.last_row + 1)]


def wrong_aggregates(plan: WorkbookPlan) -> list[tuple[str, Any]]:
    """Return the formulas over a range whose value is not that of the cells in it."""
    sheet = cells(plan.sheet(ROWS))
    wrong = []
    for value in sheet.values():
        aggregate = AGGREGATE.fullmatch(value.text) if isinstance(value, Formula) else None
        if aggregate:
            inside = column(sheet, aggregate[2])
            counted = (
                inside if aggregate[1] == "ROWS" else [number(each) for each in inside if each is not None]
            )
            if not close(AGGREGATES[aggregate[1]](counted), value.value):
                wrong.append((value.text, value.value))
    return wrong


def results(plan: WorkbookPlan) -> list[Any]:
    """Return the verdicts of the checks that look at the rows."""
    sheet = cells(plan.sheet("Checks"))
    rows = {row for (row, at), value in sheet.items() if at == 3 and str(value).startswith(f"{ROWS}, row")}
    return [sheet[row, 7].value for row in sorted(rows)]


# --- the rows come to the figures -------------------------------------------------------------------


@settings(max_examples=30)
@given(st.lists(sale, max_size=9))
def test_the_rows_come_to_the_figures(sales: Sequence[Sale]) -> None:
    made = analysis(sales, definition())
    plan = planned(made)

    found = {name: backed.value for name, (_, backed) in blocks(made).items()}
    assert found == {name: made.figures[name].current for name in found}
    assert found.keys() == made.figures.keys() - {"hhiOfMeans"}
    assert wrong_aggregates(plan) == []
    assert set(results(plan)) <= {"OK"}
    assert len(results(plan)) == sum(value is not None for value in found.values())


@settings(max_examples=20)
@given(st.lists(sale, max_size=12))
def test_the_rows_are_those_that_enter(sales: Sequence[Sale]) -> None:
    found = blocks(analysis(sales, definition()))
    period = [each for each in sales if each.year == 2017]
    urgent = [each for each in period if each.urgent]

    for name, rows in (("value", period), ("urgentValue", urgent)):
        block, backed = found[name]
        amounts = list(block.data[backed.column])
        assert sorted(amounts, key=str) == sorted((each.amount for each in rows), key=str)
    block, _ = found["buyers"]
    buyers = {each.customer for each in period if each.customer}
    assert dict(zip(block.data[0], block.data[1], strict=True)) == {
        buyer: sum(each.customer == buyer for each in period) for buyer in buyers
    }


SOME = [Sale(customer=f"C{at % 4}", amount=Decimal(at * at) / 4, urgent=at % 3 == 0) for at in range(1, 12)]


def test_figures_of_the_same_rows_share_a_block() -> None:
    made = analysis(SOME, definition())

    assert [tuple(figure.measure for figure in block.figures) for block in made.behind] == [
        ("value", "rows", "mean", "median", "largest", "smallest"),
        ("buyers",),
        ("urgentRows", "urgentValue"),
        ("valuePerBuyer",),
        ("urgentShare",),
        ("urgentValueShare",),
        ("first", "firstTwo", "hhi"),
        ("hhiOfRows",),
    ]


# --- too many rows ----------------------------------------------------------------------------------


def test_there_is_room_for_the_short_blocks_first() -> None:
    assert room_for([5, 70_000, 20_000, 0], 50_000) == [5, 1_000, 20_000, 0]
    assert room_for([30_000, 30_000], 50_000) == [30_000, 1_000]
    assert room_for([50_000], 50_000) == [50_000]
    assert room_for([], 50_000) == []


@given(st.lists(st.integers(0, 80_000), max_size=80), st.integers(0, 60_000))
def test_all_blocks_together_keep_to_the_room(heights: list[int], most: int) -> None:
    rooms = room_for(heights, most)

    assert sum(rooms) <= most
    assert all(room <= height for room, height in zip(rooms, heights, strict=True))
    assert rooms == heights or sum(heights) > most - behind.FIRST_ROWS * len(heights)


@settings(max_examples=20)
@given(st.lists(sale, min_size=3, max_size=12))
def test_rows_without_room_are_added_up_in_one_line(sales: Sequence[Sale]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(behind, "MOST_ROWS", 9)
        patch.setattr(behind, "FIRST_ROWS", 1)
        made = analysis(sales, definition())
    plan = planned(made)

    assert sum(len(block.data[0]) for block in made.behind if block.data) <= 9
    assert {name: backed.value for name, (_, backed) in blocks(made).items()} == {
        name: made.figures[name].current for name in blocks(made)
    }
    assert wrong_aggregates(plan) == []
    assert set(results(plan)) <= {"OK"}


def test_the_largest_rows_are_shown_and_the_others_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behind, "MOST_ROWS", 20)
    monkeypatch.setattr(behind, "FIRST_ROWS", 2)
    made = analysis(SOME, definition())
    sheet = cells(planned(made).sheet(ROWS))

    block, _ = blocks(made)["value"]
    assert (block.height, block.left_out) == (11, 9)
    assert list(block.data[1]) == [Decimal("30.25"), Decimal(25)]
    heading = next(value for value in sheet.values() if str(value).startswith("value, rows, mean"))
    assert heading.endswith("11 rows of sales, the first 2 shown")
    labels = {str(value): row for (row, at), value in sheet.items() if at == 1}
    assert "over all 11 rows" in sheet[labels["← median, USD"], 3]
    assert not isinstance(sheet[labels["← median, USD"], 2], Formula)
    assert isinstance(sheet[labels["← value, USD"], 2], Formula)
    assert 9 in sheet.values()


@needs_soffice
def test_libreoffice_comes_to_the_same_without_room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(behind, "MOST_ROWS", 30)
    monkeypatch.setattr(behind, "FIRST_ROWS", 4)
    write_sample(tmp_path, contracts=60)
    plan = xlreport.plan(SHOWCASE, tmp_path, period="2017")
    path = xlreport.write(plan, tmp_path / "short.xlsx")
    calculated = recalculated({"short": path}, tmp_path / "recalculated")["short"]

    sheet = cells(plan.sheet("Behind it"))
    formulas = {place: value for place, value in sheet.items() if isinstance(value, Formula)}
    assert len(formulas) > 20
    assert any(str(value).endswith("shown") for value in sheet.values())
    for (row, at), formula in formulas.items():
        text = calculated["Behind it"][row - 1][at - 1]
        found = Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1)
        assert abs(found - number(formula)) <= abs(number(formula)) * Decimal("1e-9"), formula


# --- to and fro -------------------------------------------------------------------------------------


def test_links_lead_to_the_rows_and_back() -> None:
    made = analysis(SOME, definition())
    plan = planned(made)
    summary, rows = plan.sheet("Summary"), plan.sheet(ROWS)
    labels = cells(summary)
    there = {labels[link.row, 1].removesuffix(", USD"): link.target for link in summary.links}
    titles = cells(rows)
    back = {
        titles[link.row, 1].removeprefix("← ").removesuffix(", USD"): (link.row, link.target)
        for link in rows.links
        if titles[link.row, 1].startswith("← ")
    }

    assert there.keys() == back.keys() == made.figures.keys() - {"hhiOfMeans"}
    for name, target in there.items():
        sheet, _, place = target.partition("!")
        area = parsed_range(place.replace("$", ""))
        assert sheet == ROWS
        assert area is not None
        row, home = back[name]
        assert area.first_row < row <= area.last_row <= rows.used.last_row
        assert (
            home
            == f"Summary!$B${next(at for (at, _), text in labels.items() if text in (name, f'{name}, USD'))}"
        )


def test_a_figure_without_rows_says_why() -> None:
    notes = [str(value) for value in cells(planned(analysis(SOME, definition())).sheet("Summary")).values()]

    assert (
        "Of hhiOfMeans no rows are shown: shares of a mean, a median or a ratio cannot be added up." in notes
    )


def test_without_a_sheet_of_rows_nothing_is_fetched_or_linked() -> None:
    document = definition()
    del document["sheets"][1]
    made = analysis(SOME, document)

    assert made.behind == ()
    assert planned(made).sheet("Summary").links == ()


def test_rows_are_grouped_below_their_header() -> None:
    sheet = planned(analysis(SOME, definition())).sheet(ROWS)
    there = cells(sheet)

    assert len(sheet.grouped) == 5
    for first, last in sheet.grouped:
        assert there[last + 1, 1] == "Total" or (last + 1, 1) not in there
        assert isinstance(there[first - 1, 1], str)


# --- columns ----------------------------------------------------------------------------------------


def titles(made: Analysis, measure: str) -> list[str]:
    return [column.title for column in blocks(made)[measure][0].columns]


def test_the_columns_are_those_that_the_condition_speaks_of_or_the_report_chooses() -> None:
    chosen = definition(columnsOf={"sales": ["customer", {"field": "region", "title": "In {period}"}]})

    assert titles(analysis(SOME, definition()), "urgentValue") == ["Row", "Amount", "Urgent", "Day"]
    assert titles(analysis(SOME, chosen), "urgentValue") == ["Customer", "Amount", "In 2017"]


def test_values_show_what_is_the_same_in_all_their_rows() -> None:
    sales = [
        Sale(customer="A", region="North", product="Pumps"),
        Sale(customer="A", region="North", product="Valves"),
    ]
    document = definition(columnsOf={"sales": ["customer", "region", "product"]})

    assert titles(analysis(sales, document), "buyers") == ["Customer", "Rows", "Amount", "Region"]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ({"columnsOf": {"sale": ["customer"]}}, "no table 'sale'; there are sales; did you mean 'sales'?"),
        ({"columnsOf": {"sales": ["custmer"]}}, "did you mean 'customer'?"),
    ],
)
def test_a_name_that_is_not_there_is_found(rows: Mapping[str, Any], problem: str) -> None:
    with pytest.raises(SpecError, match=re.escape(problem)):
        analysis(SOME, definition(**rows))


def test_one_sheet_of_rows_is_enough() -> None:
    document = definition()
    document["sheets"].append({"kind": "rows", "name": "Again"})

    with pytest.raises(SpecError, match=re.escape("$.sheets[3]: $.sheets[1] shows the rows already")):
        analysis(SOME, document)
