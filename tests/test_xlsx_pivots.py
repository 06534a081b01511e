"""Native PivotTables, slicers and pivot charts: their parts, and what others make of them."""

import functools
import io
import math
import re
import time
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from libreoffice import Computed, needs_uno, pivots_of
from pivot_plan import COLUMNS, ROWS, SHAPES, data_sheet, pivot_plan, pivot_sheet
from pivoter import Place, Shape, Value, cache_of, pivoted
from sample_plan import AS_OF
from workbook_lint import problems

from xlreport.backends import xlsx
from xlreport.backends.xlsx.pivot_caches import cache_definition
from xlreport.backends.xlsx.pivot_tables import pivot_table
from xlreport.backends.xlsx.slicer_frames import slicer_frames
from xlreport.cells import Range
from xlreport.plan import CellValue, SheetPlan, WorkbookPlan
from xlreport.plan_pivots import PivotCache, PivotField, SlicerPlan

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


def parts_of(plan: WorkbookPlan) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(xlsx.to_bytes(plan))) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


@pytest.fixture(scope="module")
def parts() -> dict[str, str]:
    return parts_of(pivot_plan())


def pivot(parts: Mapping[str, str], name: str) -> str:
    number = [shape.name for shape in SHAPES].index(name) + 1
    return parts[f"xl/pivotTables/pivotTable{number}.xml"]


def child(xml: str, name: str) -> str:
    """Return the first element called ``name`` as text, without white space of this test's making."""
    found = re.search(rf"<{name}[ >].*?</{name}>|<{name}[^>]*/>", xml)
    assert found, name
    return found[0]


def lines(text: str) -> str:
    """Join the lines of an expected element."""
    return "".join(line.strip() for line in text.splitlines())


# --- parts --------------------------------------------------------------------------------------------


def test_the_cache_lists_what_pivots_point_to_and_has_no_records(parts: dict[str, str]) -> None:
    cache = parts["xl/pivotCache/pivotCacheDefinition1.xml"]

    assert 'saveData="0" refreshOnLoad="1"' in cache
    assert child(cache, "cacheSource") == (
        '<cacheSource type="worksheet"><worksheetSource name="Orders"/></cacheSource>'
    )
    numbers = 'containsSemiMixedTypes="0" containsString="0" containsNumber="1"'
    whole = f'{numbers} containsInteger="1"'
    years = f'{whole} minValue="2023" maxValue="2025" count="3"'
    assert re.findall('<cacheField name="(.*?)" numFmtId="0">(.*?)</cacheField>', cache) == [
        (
            "Region",
            '<sharedItems count="3"><s v="North"/><s v="South &amp; East"/><s v="west"/></sharedItems>',
        ),
        ("Year", f'<sharedItems {years}><n v="2023"/><n v="2024"/><n v="2025"/></sharedItems>'),
        (
            "Product",
            '<sharedItems count="3"><s v="Port"/><s v="Road"/><s v="Rail_x000a_link"/></sharedItems>',
        ),
        ("Quarter", '<sharedItems count="2"><s v="Q1"/><s v="Q2"/></sharedItems>'),
        ("Amount_x000a_(EUR)", f'<sharedItems {numbers} minValue="284.25" maxValue="1285.5"/>'),
        ("Units", f'<sharedItems {whole} minValue="2" maxValue="15"/>'),
        ("Remark", "<sharedItems/>"),
    ]
    assert 'pivotCacheId="1"' in cache
    assert not [name for name in parts if "Records" in name]


def test_a_pivot_of_one_field_and_one_value(parts: dict[str, str]) -> None:
    found = pivot(parts, "OneValue")

    assert child(found, "location") == (
        '<location ref="A6:B10" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/>'
    )
    assert child(found, "rowFields") == '<rowFields count="1"><field x="0"/></rowFields>'
    assert child(found, "rowItems") == (
        '<rowItems count="4"><i><x/></i><i><x v="1"/></i><i><x v="2"/></i><i t="grand"><x/></i></rowItems>'
    )
    assert "<colFields" not in found
    assert child(found, "colItems") == '<colItems count="1"><i/></colItems>'
    assert child(found, "dataField") == (
        '<dataField name="Sum of amount" fld="4" baseField="0" baseItem="0" numFmtId="4"/>'
    )


def test_several_values_stand_on_the_columns(parts: dict[str, str]) -> None:
    found = pivot(parts, "Values")

    assert 'firstHeaderRow="0" firstDataRow="1" firstDataCol="1"' in child(found, "location")
    assert child(found, "colFields") == '<colFields count="1"><field x="-2"/></colFields>'
    assert child(found, "colItems") == (
        '<colItems count="3"><i><x/></i><i i="1"><x v="1"/></i><i i="2"><x v="2"/></i></colItems>'
    )
    assert 'subtotal="average"' in found


def test_columns_with_subtotals_and_several_values(parts: dict[str, str]) -> None:
    assert child(pivot(parts, "TwoAcross"), "colItems") == lines(
        """<colItems count="20">
        <i><x/><x/><x/></i><i r="2" i="1"><x v="1"/></i>
        <i r="1"><x v="1"/><x/></i><i r="2" i="1"><x v="1"/></i>
        <i t="default"><x/></i><i t="default" i="1"><x/></i>
        <i><x v="1"/><x/><x/></i><i r="2" i="1"><x v="1"/></i>
        <i r="1"><x v="1"/><x/></i><i r="2" i="1"><x v="1"/></i>
        <i t="default"><x v="1"/></i><i t="default" i="1"><x v="1"/></i>
        <i><x v="2"/><x/><x/></i><i r="2" i="1"><x v="1"/></i>
        <i r="1"><x v="1"/><x/></i><i r="2" i="1"><x v="1"/></i>
        <i t="default"><x v="2"/></i><i t="default" i="1"><x v="2"/></i>
        <i t="grand"><x/></i><i t="grand" i="1"><x/></i>
        </colItems>"""
    )


def test_rows_of_the_forms_outline_and_tabular(parts: dict[str, str]) -> None:
    assert child(pivot(parts, "Outline"), "rowItems").startswith(
        lines(
            """<rowItems count="40">
            <i><x/></i>
            <i r="1"><x/></i><i r="2"><x/></i><i r="2"><x v="1"/></i><i r="2"><x v="2"/></i>
            <i r="1"><x v="1"/></i><i r="2"><x/></i>"""
        )
    )
    assert child(pivot(parts, "Tabular"), "rowItems").startswith(
        lines(
            """<rowItems count="40">
            <i><x/><x/><x/></i><i r="2"><x v="1"/></i><i r="2"><x v="2"/></i><i t="default" r="1"><x/></i>
            <i r="1"><x v="1"/><x/></i>"""
        )
    )


@pytest.mark.parametrize(
    ("name", "whole", "field"),
    [
        ("Outline", 'compact="0" outline="1" outlineData="1" compactData="0"', 'compact="0" showAll="0"'),
        ("Tabular", 'indent="0" compact="0" compactData="0"', 'compact="0" outline="0" showAll="0"'),
        ("Compact", 'indent="0" outline="1" outlineData="1" multiple', 'axis="axisRow" showAll="0"'),
    ],
)
def test_the_form_is_said_of_the_whole_and_of_each_field(
    parts: dict[str, str], name: str, whole: str, field: str
) -> None:
    found = pivot(parts, name)

    assert whole in found
    assert all(field in each for each in re.findall("<pivotField .*?axisRow.*?>", found))


def test_the_compact_form_has_captions_of_its_own(parts: dict[str, str]) -> None:
    assert 'rowHeaderCaption="Rows" colHeaderCaption="Columns"' in pivot(parts, "Compact")
    assert "HeaderCaption" not in pivot(parts, "Tabular")


def test_totals_and_subtotals_can_be_left_out(parts: dict[str, str]) -> None:
    found = pivot(parts, "NoTotals")

    assert 'rowGrandTotals="0" colGrandTotals="0"' in found
    assert 't="grand"' not in found
    first = child(found, "pivotField")
    assert 'name="Region of the world"' in first
    assert 'defaultSubtotal="0"' in first
    assert 't="default"' not in first


def test_report_filters(parts: dict[str, str]) -> None:
    one, several = pivot(parts, "FilterOne"), pivot(parts, "FilterSeveral")

    assert child(one, "pageField") == '<pageField fld="0" item="0" hier="-1"/>'
    assert 'h="1"' not in one
    assert child(several, "pageFields") == (
        '<pageFields count="2"><pageField fld="0" hier="-1"/><pageField fld="3" hier="-1"/></pageFields>'
    )
    assert 'rowPageCount="2" colPageCount="1"' in child(several, "location")
    assert 'multipleItemSelectionAllowed="1"' in child(several, "pivotField")
    assert '<item x="0"/><item h="1" x="1"/><item x="2"/>' in child(several, "pivotField")


def test_sorting_by_value_and_the_first_items(parts: dict[str, str]) -> None:
    found = pivot(parts, "Top")

    assert 'measureFilter="1" sortType="descending"' in found
    assert '<reference field="4294967294" count="1" selected="0"><x v="0"/>' in child(found, "autoSortScope")
    assert child(found, "filters") == (
        '<filters count="1"><filter fld="2" type="count" evalOrder="-1" id="1" iMeasureFld="0">'
        '<autoFilter ref="A1"><filterColumn colId="0"><top10 val="2" filterVal="2"/></filterColumn>'
        "</autoFilter></filter></filters>"
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Shares", 'showDataAs="percentOfTotal" baseField="0" baseItem="0"'),
        ("RowShares", 'showDataAs="percentOfRow" baseField="0" baseItem="0"'),
        ("ColumnShares", 'showDataAs="percentOfCol" baseField="0" baseItem="0"'),
        ("Differences", 'showDataAs="difference" baseField="1" baseItem="1048828"'),
        ("PercentDifferences", 'showDataAs="percentDiff" baseField="1" baseItem="1048828"'),
        ("Running", 'showDataAs="runTotal" baseField="1" baseItem="0"'),
        ("Cumulative", '<x14:dataField pivotShowAs="percentOfRunningTotal"/>'),
        ("Rank", '<x14:dataField pivotShowAs="rankDescending"/>'),
    ],
)
def test_how_values_are_shown(parts: dict[str, str], name: str, expected: str) -> None:
    assert expected in pivot(parts, name)


def test_number_formats_are_registered(parts: dict[str, str]) -> None:
    number = re.search('formatCode="0.0%" numFmtId="([0-9]+)"', parts["xl/styles.xml"])

    assert number
    assert f'numFmtId="{number[1]}"' in pivot(parts, "Shares")


def test_style_and_alternative_text(parts: dict[str, str]) -> None:
    assert 'showRowStripes="1"' in child(pivot(parts, "Compact"), "pivotTableStyleInfo")
    assert 'altText=\'Amounts by "region" &amp; year\' hideValuesRow="1"' in pivot(parts, "Across")


def test_a_slicer_filters_several_pivots(parts: dict[str, str]) -> None:
    cache = parts["xl/slicerCaches/slicerCache1.xml"]

    assert 'name="Slicer_Year" sourceName="Year"' in cache
    assert child(cache, "pivotTables") == (
        '<pivotTables><pivotTable tabId="1" name="OneValue"/><pivotTable tabId="2" name="Values"/>'
        '<pivotTable tabId="3" name="Across"/></pivotTables>'
    )
    assert '<tabular pivotCacheId="1"><items count="3"><i x="0" s="1"/>' in cache
    assert '<definedName name="Slicer_Year">#N/A</definedName>' in parts["xl/workbook.xml"]
    assert 'caption="Region &amp; place" columnCount="2"' in parts["xl/slicers/slicer1.xml"]


def test_buttons_stand_in_alphabetical_order() -> None:
    plan = pivot_plan()
    slicer = SlicerPlan("P", "Product", "Orders", "Product", 20, 6, 4, 5, ("OneValue",))
    first = plan.sheets[0]
    changed = replace(first, slicers=(slicer,), pivots=(replace(first.pivots[0], sliced=((2, (0, 1, 2)),)),))
    found = parts_of(replace(plan, sheets=(changed, *plan.sheets[1:])))["xl/slicerCaches/slicerCache1.xml"]

    assert re.findall('<i x="([0-9])"', found) == ["0", "2", "1"], "Port, Rail link, Road"


def test_a_slicer_filters_a_table(parts: dict[str, str]) -> None:
    assert '<x15:tableSlicerCache tableId="1" column="3"/>' in parts["xl/slicerCaches/slicerCache3.xml"]
    assert "{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}" in parts[f"xl/worksheets/sheet{len(SHAPES) + 1}.xml"]


def test_slicers_share_the_drawing_with_charts_and_the_extensions_with_data_bars(
    parts: dict[str, str],
) -> None:
    drawing, sheet = parts["xl/drawings/drawing1.xml"], parts["xl/worksheets/sheet1.xml"]

    assert drawing.count("<graphicFrame>") == 1
    assert drawing.count("<xdr:graphicFrame ") == 2
    assert re.findall('cNvPr [^>]*id="([0-9]+)"', drawing) == ["1", "2", "3", "4", "5"]
    assert 'descr="Choose the years"' in drawing
    assert sheet.count("<drawing ") == 1
    assert sheet.count("<extLst><ext uri=") == 2, "that of the rule for data bars is another"
    assert sheet.index("{78C0D931") < sheet.index("{A8765BA9")


def test_a_slicer_ends_where_its_size_says() -> None:
    sheet = SheetPlan(
        "S", (), widths={2: 10}, heights={3: 30}, slicers=(SlicerPlan("A", "A", "T", "A", 2, 2, 3.0, 2.0),)
    )
    frame = slicer_frames(sheet, 1)

    assert re.findall("<xdr:(?:col|colOff|row|rowOff)>([0-9]+)<", frame) == [
        *("1", "0", "1", "0"),
        *("2", str(round(3.0 * 360_000) - 70 * 9_525)),
        *("3", str(round(2.0 * 360_000) - 45 * 12_700)),
    ]


def test_a_chart_follows_its_pivot_whatever_the_file_is_called(parts: dict[str, str]) -> None:
    columns, curves = parts["xl/charts/chart2.xml"], parts["xl/charts/chart3.xml"]

    assert '<pivotSource><name>[]Across!Across</name><fmtId val="0"></fmtId></pivotSource>' in columns
    assert '<fmtId val="1">' in curves
    assert columns.count("<pivotFmt>") == columns.count("<ser>") == 3
    assert pivot(parts, "Across").count("<chartFormat ") == 6
    assert 'chartFormat="1"' in pivot(parts, "Across")
    assert "<dLbl>" in child(parts["xl/charts/chart1.xml"], "pivotFmts")


def test_equal_plans_give_equal_bytes() -> None:
    assert xlsx.to_bytes(pivot_plan()) == xlsx.to_bytes(pivot_plan())


def test_a_workbook_without_pivots_has_none_of_it() -> None:
    found = parts_of(WorkbookPlan("Data", (data_sheet("Orders", COLUMNS, ROWS),), AS_OF))

    assert not [name for name in found if re.search("pivot|slicer|drawing", name)]
    assert "pivotCaches" not in found["xl/workbook.xml"]
    assert "extLst" not in found["xl/workbook.xml"]


# --- what layout has to prevent -----------------------------------------------------------------------


def changed(**changes: Any) -> WorkbookPlan:
    """Return a workbook with the first pivot changed."""
    plan = pivot_plan(SHAPES[:1])
    first = plan.sheets[0]
    return replace(
        plan, sheets=(replace(first, pivots=(replace(first.pivots[0], **changes),)), *plan.sheets[1:])
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"range": Range.at(6, 1, 6, 2)}, "has the cells A6:B11, and lines for 5 rows and 2 columns"),
        ({"rows": ()}, "has no field on its rows, or no value"),
        ({"values": ()}, "has no field on its rows, or no value"),
        ({"sliced": ((9, (0,)),)}, "has field 9 twice, or the table has no such column"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        xlsx.to_bytes(changed(**changes))


def test_items_are_all_texts_or_all_numbers() -> None:
    plan = pivot_plan(SHAPES[:1])
    cache = replace(plan.caches[0], fields=(PivotField("Region", ("a", 1)), *plan.caches[0].fields[1:]))

    with pytest.raises(ValueError, match="texts and numbers as items: 'a', 1"):
        xlsx.to_bytes(replace(plan, caches=(cache,)))


def test_a_series_beside_the_pivot_is_refused() -> None:
    plan = pivot_plan()
    sheet = plan.sheets[0]
    chart = replace(sheet.charts[0], series=(replace(sheet.charts[0].series[0], values=Range.at(7, 9, 3)),))
    beside = replace(plan, sheets=(replace(sheet, charts=(chart,)), *plan.sheets[1:]))

    with pytest.raises(ValueError, match="is no column of the pivot 'OneValue'"):
        xlsx.to_bytes(beside)


# --- what others make of it ---------------------------------------------------------------------------


def test_openpyxl_reads_pivots_with_their_caches() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx.to_bytes(pivot_plan())))
    found = book["Outline"]._pivots[0]  # noqa: SLF001  # it has no public name

    assert found.name == "Outline"
    assert len(found.cache.cacheFields) == len(COLUMNS)
    assert [item.v for item in found.cache.cacheFields[0].sharedItems._fields] == [
        "North",
        "South & East",
        "west",
    ]


UNKNOWN_TO_LIBREOFFICE = ("Cumulative", "Rank")
"""It passes over what Excel 2010 added, and shows the plain values."""


@needs_uno
def test_libreoffice_computes_the_same_cells(tmp_path: Path) -> None:
    plan = pivot_plan()
    found = pivots_of([xlsx.write(plan, tmp_path / "pivots.xlsx")], tmp_path)[0]

    assert set(found) == {shape.name for shape in SHAPES}
    for sheet in plan.sheets[:-1]:
        if sheet.name not in UNKNOWN_TO_LIBREOFFICE:
            assert differences(sheet, found) == [], sheet.name


@needs_uno
def test_libreoffice_computes_from_the_table_and_not_from_our_cells(tmp_path: Path) -> None:
    """Otherwise the test above would compare our cells with themselves."""
    plan = pivot_plan(SHAPES[:1])
    sheet = plan.sheets[0]
    block = sheet.blocks[-1]
    wrong = replace(block, columns=(block.columns[0], (block.columns[1][0], *[Decimal(1)] * 4)))
    planted = replace(sheet, blocks=(*sheet.blocks[:-1], wrong))
    path = xlsx.write(replace(plan, sheets=(planted, *plan.sheets[1:])), tmp_path / "pivots.xlsx")

    found = pivots_of([path], tmp_path)[0]

    assert differences(sheet, found) == []
    assert len(differences(planted, found)) == 4


def differences(sheet: SheetPlan, found: Computed) -> list[str]:
    """Compare the cells of the sheet's pivot with those that LibreOffice makes of it.

    LibreOffice has more header rows, other words for totals, the columns' names in the place of captions, and
    of the compact form only the values.
    """
    pivot_plan = sheet.pivots[0]
    ours, theirs = list(sheet.blocks[-1].rows()), found[pivot_plan.name]
    skipped = len(ours[0]) - len(pivot_plan.column_lines) if pivot_plan.form == "compact" else 0
    height = len(pivot_plan.row_lines) if pivot_plan.form == "compact" else len(ours)
    width = len(ours[0]) - skipped
    captions = {place.caption for place in (*pivot_plan.rows, *pivot_plan.columns)} - {""}
    return [
        f"{cell!r} is {other!r}"
        for row, others in zip(ours[-height:], theirs[-height:], strict=True)
        for cell, other in zip(row[-width:], others[-width:], strict=True)
        if not is_same(cell, other) and cell not in captions
    ]


def is_same(cell: CellValue, other: float | str | None) -> bool:
    """Compare a cell with what LibreOffice shows, which is None for an error."""
    if isinstance(cell, str):
        is_total = "Total" in cell and ("Result" in str(other) or "Total" in str(other))
        return cell == other or is_total or (cell, other) == ("Values", "Data")
    if cell is None or other is None or isinstance(other, str):
        return cell is None and other in ("", None)
    return math.isclose(float(cell), other, rel_tol=1e-9, abs_tol=1e-9)  # type: ignore[arg-type]


# --- any table, any pivot -----------------------------------------------------------------------------

NAMES = ("First", "Second & third", "Fourth", "Fifth")
MEASURES = ("Amount", "Units")


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, Any]]:
    items = [
        draw(
            st.lists(
                st.sampled_from(["a", "b <", "Total", "1", "#x", "zé"]), min_size=1, max_size=3, unique=True
            )
        )
        for _ in NAMES[:-1]
    ]
    items.append(draw(st.lists(st.integers(-5, 2030), min_size=1, max_size=3, unique=True)))
    row = st.fixed_dictionaries(
        {name: st.sampled_from(each) for name, each in zip(NAMES, items, strict=True)}
        | {"Amount": st.decimals(-1000, 1000, places=2), "Units": st.integers(1, 9)}
    )
    return draw(st.lists(row, min_size=1, max_size=12))


@st.composite
def shapes(draw: st.DrawFn, *, shown: Sequence[str] = ("value",), most_values: int = 3) -> Shape:
    fields = draw(st.permutations(NAMES))
    ends = sorted(draw(st.tuples(st.integers(1, 3), st.integers(1, 3))))
    place = functools.partial(places, draw)
    rows = tuple(map(place, fields[: ends[0]]))
    columns = tuple(map(place, fields[ends[0] : ends[1]]))
    captions = draw(st.permutations(["Sum", "Mean of it", "n°"]))[: draw(st.integers(1, most_values))]
    values = tuple(
        Value(
            MEASURES[number % 2],
            caption,
            draw(st.sampled_from(["sum", "count", "average", "min", "max"])),
            draw(st.sampled_from(shown)),
            rows[0].field,
        )
        for number, caption in enumerate(captions)
    )
    return Shape(
        "Pivot",
        rows,
        values,
        columns,
        form=draw(st.sampled_from(["outline", "tabular", "compact"])),
        row_totals=draw(st.booleans()),
        column_totals=draw(st.booleans()),
    )


def places(draw: st.DrawFn, field: str) -> Place:
    return Place(
        field, draw(st.sampled_from(["manual", "ascending", "descending"])), subtotals=draw(st.booleans())
    )


def random_plan(rows: list[dict[str, Any]], shape: Shape) -> WorkbookPlan:
    columns = (*NAMES, *MEASURES)
    cache = cache_of("Facts", columns, rows, NAMES)
    unused = set(NAMES) - {place.field for place in (*shape.rows, *shape.columns)}
    made = pivoted(shape, cache, rows, (3, 2), sliced=sorted(unused))
    slicers = tuple(
        SlicerPlan(f"S{number}", name, "Facts", name, 1, 30, 3, 3, ("Pivot",))
        for number, name in enumerate(NAMES)
    )
    sheet = replace(pivot_sheet(made, "Pivot & more"), slicers=slicers)
    return WorkbookPlan("Random", (sheet, data_sheet("Facts", columns, rows)), AS_OF, caches=(cache,))


ALL_SHOWN = ("value", "share", "shareOfRow", "shareOfColumn", "difference", "differencePercent")
ALL_SHOWN += ("runningTotal", "cumulativeShare", "rank")


@given(tables(), shapes(shown=ALL_SHOWN))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_pivot_of_any_table_has_no_problems(
    tmp_path: Path, rows: list[dict[str, Any]], shape: Shape
) -> None:
    assert problems(xlsx.write(random_plan(rows, shape), tmp_path / "random.xlsx")) == []


LIBREOFFICE_KNOWS = ("value", "share", "shareOfRow", "shareOfColumn", "runningTotal")
"""And differences, unless a combination of items lacks rows: it then takes another item as the one before."""


@needs_uno
def test_libreoffice_computes_any_pivot_to_the_same_cells(tmp_path: Path) -> None:
    """With two values at most, since it mixes up what is shown of one column in several ways."""
    drawn: list[WorkbookPlan] = []

    @given(tables(), shapes(shown=LIBREOFFICE_KNOWS, most_values=2))
    @settings(max_examples=25, database=None, derandomize=True)
    def draw(rows: list[dict[str, Any]], shape: Shape) -> None:
        drawn.append(random_plan(rows, shape))

    draw()
    files = [xlsx.write(plan, tmp_path / f"{number}.xlsx") for number, plan in enumerate(drawn)]
    for plan, found in zip(drawn, pivots_of(files, tmp_path), strict=True):
        assert differences(plan.sheets[0], found) == [], plan.sheets[0].pivots[0]


# --- speed --------------------------------------------------------------------------------------------


def test_pivots_of_many_items_cost_little() -> None:
    """The cost is that of the items and lines; the rows of the table do not enter."""
    items = tuple(f"Customer {number}" for number in range(20_000))
    cache = PivotCache("Facts", (PivotField("Customer", items), PivotField("Amount", extremes=(0, 9))))
    rows = [{"Customer": item, "Amount": 1} for item in items[:50]]
    small = pivoted(
        Shape("P", (Place("Customer", "manual"),), (Value("Amount", "Sum"),)),
        cache_of("Facts", ("Customer", "Amount"), rows, ("Customer",)),
        rows,
        (1, 1),
    )
    place = replace(small.plan.rows[0], order=tuple(range(len(items))))
    started = time.process_time()
    for number in range(3):
        pivot_table(replace(small.plan, name=f"P{number}", rows=(place,)), 2, 1, lambda _: 3)
    cache_definition(cache, 1)

    assert time.process_time() - started < 2
