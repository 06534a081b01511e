"""Pivots on their sheets: formulas and native PivotTables give what the analysis computed, in every shape."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from libreoffice import needs_soffice, recalculated
from pivot_shapes import awkward_sales, report_of, shapes
from sales import Sale, analysis
from workbook_lint import problems

from xlreport.backends import xlsx
from xlreport.errors import SpecError
from xlreport.findings import Findings
from xlreport.layout.workbook import lay_out
from xlreport.plan import Formula, SheetPlan, WorkbookPlan

NOON = dt.datetime(2018, 1, 1, 12, tzinfo=dt.UTC)


def planned(
    sales: list[Sale], pivots: Mapping[str, Mapping[str, Any]], *, timed: bool = False
) -> WorkbookPlan:
    document = report_of(dict(pivots), timed=timed)  # type: ignore[arg-type]  # only read
    return lay_out(analysis(sales, document), Findings(), as_of=NOON)


def cells(sheet: SheetPlan) -> dict[tuple[int, int], Any]:
    return {
        (block.row + down, block.column + across): value
        for block in sheet.blocks
        for down, row in enumerate(block.rows())
        for across, value in enumerate(row)
    }


def numbers(sheet: SheetPlan) -> dict[tuple[int, int], Decimal | int | None]:
    """Return every number of a sheet, those of formulas included, by its place."""
    plain = {at: value.value if isinstance(value, Formula) else value for at, value in cells(sheet).items()}
    return {at: value for at, value in plain.items() if isinstance(value, int | Decimal)}


def written(plan: WorkbookPlan, path: Path) -> Path:
    xlsx.write(plan, path)
    assert problems(path) == []
    return path


@needs_soffice
@pytest.mark.parametrize("rows", ["all rows", "rows of a period"])
@pytest.mark.parametrize("mode", ["formula", "native"])
def test_libreoffice_computes_the_same_figures_for_every_shape(tmp_path: Path, mode: str, rows: str) -> None:
    timed = rows != "all rows"
    pivots = shapes(mode, 24, seed=1 + timed)
    plan = planned(awkward_sales(), pivots, timed=timed)
    found = recalculated({"book": written(plan, tmp_path / "book.xlsx")}, tmp_path / "lo")["book"]

    for name, pivot in pivots.items():
        sheet = plan.sheet(name)
        for (row, column), value in numbers(sheet).items():
            if is_heading(sheet, row, column):
                continue
            shown = found[name][row - 1 + rows_above(sheet)][column - 1]
            assert shown, f"{name} R{row}C{column}: nothing instead of {value}: {pivot}"
            assert number(shown) == pytest.approx(float(value or 0), rel=1e-12, abs=1e-9), (
                name,
                row,
                column,
                pivot,
            )


def is_heading(sheet: SheetPlan, row: int, column: int) -> bool:
    """Tell whether a number is a label of a native pivot, which may be a year or a size."""
    for pivot in sheet.pivots:
        labels = 1 if pivot.form == "compact" else len(pivot.rows)
        return row < pivot.range.first_row + pivot.header_rows or column < pivot.range.first_column + labels
    return False


def rows_above(sheet: SheetPlan) -> int:
    """LibreOffice has a row of its own above several value fields that nothing else stands over."""
    return sum(pivot.header_rows == 1 and len(pivot.values) > 1 for pivot in sheet.pivots)


def number(text: str) -> float:
    """Return the number that LibreOffice shows, which has all its digits."""
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


def test_native_pivots_are_native_and_share_one_cache() -> None:
    plan = planned(awkward_sales(), shapes("native", 6, seed=3))

    assert [len(plan.sheet(f"p{number}").pivots) for number in range(6)] == [1] * 6
    assert [cache.table for cache in plan.caches] == ["Table_Sales"]


def test_the_data_sheet_that_live_pivots_need_is_there() -> None:
    plan = planned([Sale(), Sale(region="South")], {"p": {**BY_REGION, "mode": "native"}})

    assert [sheet.name for sheet in plan.sheets] == ["p", "Checks", "Sales"]
    assert plan.sheet("Sales").tables[0].columns == ("Region", "Amount")


BY_REGION: dict[str, Any] = {"title": "By region", "rows": ["region"], "values": [{"measure": "value"}]}


@pytest.mark.parametrize("mode", ["formula", "native"])
def test_a_pivot_on_no_rows_says_so(mode: str) -> None:
    plan = planned([], {"p": {**BY_REGION, "mode": mode}})

    assert "No rows." in cells(plan.sheet("p")).values()
    assert plan.sheet("p").pivots == ()


def test_a_caption_is_never_the_name_of_a_column() -> None:
    pivot = {
        "title": "P",
        "mode": "native",
        "rows": ["region"],
        "values": [{"measure": "rows", "title": "REGION"}],
    }
    plan = planned([Sale(), Sale(region="South")], {"p": pivot})

    assert [value.caption for value in plan.sheet("p").pivots[0].values] == ["REGION "]


@pytest.mark.parametrize("form", ["outline", "tabular", "compact"])
@pytest.mark.parametrize("mode", ["static", "formula", "native"])
def test_the_three_modes_show_the_same_figures(mode: str, form: str) -> None:
    pivot = {
        **BY_REGION,
        "rows": ["region", "customer"],
        "columns": [{"field": "day", "by": "year"}],
        "values": [{"measure": "value"}, {"measure": "rows"}],
        "form": form,
    }
    sales = awkward_sales(30)
    static = planned(sales, {"p": {**pivot, "mode": "static"}}).sheet("p")
    live = planned(sales, {"p": {**pivot, "mode": mode}}).sheet("p")

    def lines(sheet: SheetPlan) -> list[Any]:
        rows: dict[int, list[Any]] = {}
        for (row, _), value in sorted(numbers(sheet).items()):
            rows.setdefault(row, []).append(value)
        return list(rows.values())

    shown = [[value for value in line if value] for line in lines(live)]
    assert shown == [[value for value in line if value] for line in lines(static)]


# --- edges ------------------------------------------------------------------------------------------


@needs_soffice
def test_three_hundred_columns_are_all_there_and_go_over_several_pages(tmp_path: Path) -> None:
    sales = [Sale(product=f"Product {number}", amount=Decimal(number)) for number in range(300)]
    pivots = {mode: {**BY_REGION, "mode": mode, "columns": ["product"]} for mode in ("formula", "native")}
    plan = planned(sales, pivots)
    found = recalculated({"book": written(plan, tmp_path / "book.xlsx")}, tmp_path / "lo")["book"]

    for mode, pivot in pivots.items():
        sheet = plan.sheet(mode)
        assert sheet.print.pages_wide > 5, pivot
        assert sheet.print.repeat_columns == (1, 1)
        shown = [number(text) for text in found[mode][-1] if text and text[0].isdigit()]
        assert sum(shown) == 2 * sum(range(300)), mode


def test_labels_that_excel_would_take_for_one_are_one_item_with_a_remark() -> None:
    sales = [Sale(region="usd"), Sale(region="USD"), Sale(region="USD "), Sale(region="EUR")]
    plan = planned(sales, {"p": {**BY_REGION, "mode": "native"}})

    region = next(field for field in plan.caches[0].fields if field.name == "Region, as grouped")
    assert region.items == ("EUR", "USD")
    assert any("one item" in str(value) for value in cells(plan.sheet("p")).values())


def test_a_label_of_any_length_is_listed_within_what_excel_holds() -> None:
    long = "Ministry " * 40
    plan = planned([Sale(region=long + "A"), Sale(region=long + "B")], {"p": {**BY_REGION, "mode": "native"}})

    items = [item for field in plan.caches[0].fields for item in field.items or ()]
    assert len(items) == len(set(items)) == 2
    assert all(len(str(item)) <= 255 for item in items)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"values": [{"measure": "buyers"}]}, "a count of different values"),
        ({"values": [{"measure": "urgentShare"}]}, "a ratio"),
        ({"values": [{"measure": "median"}]}, "a median"),
        ({"rows": ["region", "product"], "sort": {"by": 1}, "top": {"n": 1}}, "one row field only"),
        ({"rows": ["regoin"]}, "did you mean 'region'"),
    ],
)
def test_what_a_native_pivot_cannot_do_is_said_with_its_path(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SpecError, match=r"^\$\.pivots\.p") as raised:
        planned([Sale(), Sale(region="South")], {"p": {**BY_REGION, "mode": "native", **change}})
    assert sentence in str(raised.value)
    assert str(raised.value).endswith((".", "?"))


def test_a_slicer_drives_all_pivots_of_its_sheet() -> None:
    pivots = {name: {**BY_REGION, "mode": "native", "rows": [name]} for name in ("region", "customer")}
    document = report_of(pivots, timed=False)
    document["sheets"] = [
        {"kind": "pivot", "name": "P", "pivots": ["region", "customer"], "slicers": ["product"]}
    ]
    plan = lay_out(analysis(awkward_sales(20), document), Findings(), as_of=NOON)

    (slicer,) = plan.sheet("P").slicers
    assert slicer.pivots == tuple(pivot.name for pivot in plan.sheet("P").pivots)
    assert all(slicer.row + 7 < pivot.range.first_row for pivot in plan.sheet("P").pivots), (
        "buttons cover no cells"
    )


def test_a_live_total_is_reconciled() -> None:
    plan = planned(awkward_sales(30), {mode: {**BY_REGION, "mode": mode} for mode in ("formula", "native")})
    formulas = [value.text for value in cells(plan.sheet("Checks")).values() if isinstance(value, Formula)]

    assert any(text.startswith("GETPIVOTDATA(") for text in formulas)
    assert any(text.startswith("SUM(formula!") for text in formulas)
    assert "All 2 checks hold" in {
        value.value for value in cells(plan.sheet("Checks")).values() if isinstance(value, Formula)
    }


@needs_soffice
def test_a_change_in_the_data_flows_through_a_formula_pivot(tmp_path: Path) -> None:
    sales = [Sale(amount=Decimal(10)), Sale(region="South", amount=Decimal(5))]
    path = written(planned(sales, {"p": {**BY_REGION, "mode": "formula"}}), tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(path)
    rows = book["Sales"]
    rows["B6"], rows["A7"] = 100, "North"
    book.save(path)
    found = recalculated({"book": path}, tmp_path / "lo")["book"]["p"]

    assert [row[:2] for row in found[-3:]] == [["North", "105"], ["South", "0"], ["Total", "105"]]


@needs_soffice
def test_columns_by_period_are_live_too(tmp_path: Path) -> None:
    sales = [replace(sale, year=2010) for sale in awkward_sales(10)] + awkward_sales(60)
    pivots = {
        mode: {**BY_REGION, "mode": mode, "rows": ["region", "customer"], "columns": ["period"]}
        for mode in ("formula", "native")
    }
    plan = planned(sales, pivots, timed=True)
    found = recalculated({"book": written(plan, tmp_path / "book.xlsx")}, tmp_path / "lo")["book"]

    for mode in pivots:
        sheet = plan.sheet(mode)
        figures = [at for at in numbers(sheet) if not is_heading(sheet, *at)]
        assert len(figures) > 40
        for row, column in figures:
            assert number(found[mode][row - 1][column - 1]) == pytest.approx(
                float(numbers(sheet)[row, column] or 0), rel=1e-12, abs=1e-9
            )


@needs_soffice
def test_a_top_leaves_the_rest_out_of_its_totals(tmp_path: Path) -> None:
    top = {"rows": ["product"], "sort": {"by": 1}, "top": {"n": 3, "other": False}}
    pivots = {mode: {**BY_REGION, **top, "mode": mode} for mode in ("static", "formula", "native")}
    plan = planned(awkward_sales(), pivots)
    found = recalculated({"book": written(plan, tmp_path / "book.xlsx")}, tmp_path / "lo")["book"]
    totals = {mode: [row for row in found[mode] if row[0].startswith("Total")] for mode in pivots}

    assert len({row[1] for rows in totals.values() for row in rows}) == 1, totals
    assert {mode: len(rows) for mode, rows in totals.items()} == dict.fromkeys(pivots, 1)


@pytest.mark.parametrize("code", ["0.0.0[;;;;", "#.##0,00", '0"', "0;;"])
def test_a_number_format_that_excel_refuses_is_said_with_its_path(code: str) -> None:
    values = [{"measure": "value", "numberFormat": code}]

    with pytest.raises(SpecError, match=r"^\$\.pivots\.p\.values\[0\]\.numberFormat: .*no number format"):
        planned([Sale()], {"p": {**BY_REGION, "values": values}})
