"""What a written workbook has besides its cells: styles, tables, links, charts, print set-up, properties."""

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from sample_plan import AS_OF, one_sheet, sample_plan
from workbook_lint import problems

from xlreport.backends import xlsx
from xlreport.cells import Range
from xlreport.plan import (
    Axis,
    Block,
    ChartKind,
    ConditionalFormat,
    Labels,
    PrintSetup,
    SheetPlan,
    StyleRun,
    TablePlan,
    WorkbookPlan,
)
from xlreport.styles import DEFAULT_THEME, Align, PageLine, Role, Style, Theme

pytestmark = pytest.mark.filterwarnings(
    "ignore:.*extension is not supported:UserWarning"
)  # openpyxl, data bars


def written(plan: WorkbookPlan) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx.to_bytes(plan)))


def parts(plan: WorkbookPlan) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(xlsx.to_bytes(plan))) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def with_sheet(sheet: SheetPlan, theme: Theme = DEFAULT_THEME) -> WorkbookPlan:
    return WorkbookPlan("Plan", (sheet,), AS_OF, theme=theme)


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return written(sample_plan())


@pytest.fixture(scope="module")
def sample() -> dict[str, str]:
    return parts(sample_plan())


@pytest.fixture(scope="module")
def summary(book: openpyxl.Workbook) -> Worksheet:
    return book["Summary"]


def test_a_workbook_with_everything_has_no_problems(tmp_path: Path) -> None:
    assert problems(xlsx.write(sample_plan(), tmp_path / "sample.xlsx")) == []


def test_every_role_is_a_named_style_and_every_style_a_format_of_it(book: openpyxl.Workbook) -> None:
    cell = book["Summary"]["B4"]

    assert cell.style == "Report header"
    assert (cell.font.name, cell.font.sz, cell.font.b, cell.font.color.rgb) == (
        "Calibri",
        10,
        True,
        "FFFFFFFF",
    )
    assert (cell.fill.fill_type, cell.fill.fgColor.rgb) == ("solid", "FF1F4E79")
    assert (cell.alignment.horizontal, cell.alignment.vertical, cell.alignment.wrap_text) == (
        "right",
        "center",
        True,
    )
    assert {"Report title", "Report total", "Report link"} <= set(book.named_styles)
    assert "Report figure" not in book.named_styles


def test_styles_copy_every_property(tmp_path: Path) -> None:
    style = Style(
        Role.TOTAL,
        font="Arial",
        size=12,
        italic=True,
        underline=True,
        color="112233",
        top="445566",
        bottom="778899",
        number_format="0.0%",
        vertical="top",
        indent=2,
    )
    path = xlsx.write(one_sheet(["x"], style=style), tmp_path / "x.xlsx")
    cell = openpyxl.load_workbook(path).worksheets[0]["A1"]

    assert (cell.font.name, cell.font.sz, cell.font.i, cell.font.u) == ("Arial", 12, True, "single")
    assert (cell.border.top.style, cell.border.top.color.rgb) == ("thin", "FF445566")
    assert (cell.border.bottom.color.rgb, cell.border.left.style) == ("FF778899", None)
    assert (cell.number_format, cell.alignment.vertical) == ("0.0%", "top")
    assert (cell.alignment.horizontal, cell.alignment.indent) == (
        "left",
        2,
    )  # only what has a side is indented


def test_an_aligned_indent_keeps_its_side() -> None:
    cell = written(one_sheet(["x"], style=Style(align=Align.RIGHT, indent=1))).worksheets[0]["A1"]

    assert (cell.alignment.horizontal, cell.alignment.indent) == ("right", 1)


def test_the_default_font_is_the_themes_so_that_widths_are_right() -> None:
    theme = Theme(font="Arial")
    result = parts(replace(one_sheet(["x"]), theme=theme))

    first_font = re.search("<font>.*?</font>", result["xl/styles.xml"])[0]
    assert 'name val="Arial"' in first_font
    assert 'sz val="10"' in first_font
    assert result["xl/theme/theme1.xml"].count('latin typeface="Arial"') == 2


def test_the_theme_part_has_the_colours_of_the_theme(sample: dict[str, str]) -> None:
    accents = re.findall(r'<a:accent\d>\s*<a:srgbClr val="(\w+)">', sample["xl/theme/theme1.xml"])

    assert tuple(accents) == DEFAULT_THEME.series


def test_fonts_are_written_in_the_order_of_the_schema(sample: dict[str, str]) -> None:
    fonts = re.findall("<font>(.*?)</font>", sample["xl/styles.xml"])
    order = ["b", "i", "u", "sz", "color", "name", "family"]
    children = [re.findall(r"<(\w+)[ >]", font) for font in fonts]

    assert len(children) > 3
    assert all(names == sorted(names, key=order.index) for names in children)


def test_sheets_open_at_the_top_with_the_first_one_active(book: openpyxl.Workbook) -> None:
    assert book.active.title == "Contents"
    assert [sheet.sheet_view.tabSelected for sheet in book] == [True, None, None]
    assert [sheet.sheet_view.showGridLines for sheet in book] == [False, False, True]
    assert {sheet.sheet_view.zoomScale for sheet in book} == {100}
    assert [sheet.freeze_panes for sheet in book] == [None, "B5", "B4"]
    assert book["Contents"].sheet_properties.tabColor.rgb == "FF1F4E79"


def test_widths_heights_and_size(summary: Worksheet, sample: dict[str, str]) -> None:
    assert [summary.column_dimensions[letter].width for letter in "ABCD"] == [20, 16, 16, 8]
    assert '<row r="1" ht="26" customHeight="1">' in sample["xl/worksheets/sheet2.xml"]
    assert '<dimension ref="A1:D8">' in sample["xl/worksheets/sheet2.xml"]


def test_rows_are_grouped_with_the_button_below(summary: Worksheet, sample: dict[str, str]) -> None:
    levels = {row: summary.row_dimensions[row].outlineLevel for row in range(1, 10)}

    assert {row for row, level in levels.items() if level} == {5, 6, 7}
    assert set(levels.values()) == {0, 1}
    assert not any(summary.row_dimensions[row].hidden for row in levels)
    assert summary.sheet_format.outlineLevelRow == 1
    assert summary.sheet_properties.outlinePr.summaryBelow
    assert "outlineLevel" not in sample["xl/worksheets/sheet1.xml"]


def test_a_group_that_is_empty_is_still_one() -> None:
    sheet = SheetPlan("Data", (Block.of_rows(Role.BODY, 1, 1, [["a"]]),), grouped=((3, 4),))

    rows = written(with_sheet(sheet))["Data"].row_dimensions
    assert [rows[row].outlineLevel for row in range(1, 6)] == [0, 0, 1, 1, 0]


def test_print_setup(summary: Worksheet) -> None:
    setup = summary.page_setup

    assert (setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight) == ("landscape", 9, 1, 0)
    assert summary.sheet_properties.pageSetUpPr.fitToPage
    assert summary.print_title_rows == "$1:$4"
    assert summary.print_area == "'Summary'!$A$1:$L$116"


def test_the_footer_names_report_sheet_and_page(sample: dict[str, str]) -> None:
    footer = re.search("<oddFooter>(.*?)</oddFooter>", sample["xl/worksheets/sheet2.xml"])[1]

    assert footer.replace("&amp;", "&") == "&L&8 R&&D&C&8 &A&R&8 Page &P of &N"


def test_a_footer_that_is_too_long_is_refused_not_cut() -> None:
    sheet = SheetPlan("Data", (), print=PrintSetup(footer=PageLine("x" * 251)))

    with pytest.raises(ValueError, match="the footer of sheet 'Data' is too long"):
        xlsx.to_bytes(with_sheet(sheet))


def test_an_unknown_paper_size_is_refused() -> None:
    with pytest.raises(ValueError, match="no paper size is called 'A0'; there are Letter, Legal, A3, A4"):
        xlsx.to_bytes(with_sheet(SheetPlan("Data", ()), Theme(paper="A0")))


def test_two_sheets_of_one_name_are_refused() -> None:
    sheet = SheetPlan("Data", ())

    with pytest.raises(ValueError, match="'Data' is there twice"):
        xlsx.to_bytes(WorkbookPlan("Plan", (sheet, sheet), AS_OF))


def test_tables(book: openpyxl.Workbook) -> None:
    table = book["R&D contracts"].tables["Contracts"]

    assert (table.ref, table.autoFilter.ref) == ("A3:E11", "A3:E11")
    assert table.column_names == ["Contract", "Value\n(EUR)", "Signed on", "Open", "Remark"]
    assert (table.tableStyleInfo.name, table.tableStyleInfo.showRowStripes) == ("TableStyleLight1", True)


@pytest.mark.parametrize("name", ["_x0041_", "=1", 'A "b" & <c>', " lead", "tab\there", "عنوان"])
def test_column_names_of_a_table_equal_their_header_cells(tmp_path: Path, name: str) -> None:
    block = Block.of_rows(Role.BODY, 1, 1, [[name], [1]])
    sheet = SheetPlan("Data", (block,), tables=(TablePlan("Numbers", block.range, (name,)),))

    assert problems(xlsx.write(with_sheet(sheet), tmp_path / "x.xlsx")) == []


def test_links(book: openpyxl.Workbook) -> None:
    inside, quoted, outside = (book["Contents"].cell(row, 1).hyperlink for row in (3, 4, 5))

    assert (inside.location, inside.tooltip) == ("Summary!A1", "Go to the summary")
    assert quoted.location == "'R&D contracts'!A1"
    assert (outside.target, outside.location) == ("https://example.org/method?a=1&b=2", None)
    assert book["Contents"]["A3"].value == "Summary"


def test_names_and_recalculation(book: openpyxl.Workbook) -> None:
    assert book.defined_names["Signed_value"].attr_text == "Summary!$B$8"
    assert book.calculation.fullCalcOnLoad


def test_properties_come_from_the_plan_alone(book: openpyxl.Workbook, sample: dict[str, str]) -> None:
    found = book.properties

    assert (found.title, found.subject, found.creator) == (
        "Contract register",
        "Contracts & partners",
        "Ministry of Works",
    )
    assert found.created == found.modified == AS_OF.replace(tzinfo=None)
    assert found.lastModifiedBy is None
    assert "<Application>xlreport</Application>" in sample["docProps/app.xml"]


def test_the_time_of_the_properties_is_in_utc() -> None:
    moment = dt.datetime(2025, 1, 31, 1, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    plan = replace(one_sheet(["x"]), as_of=moment)

    assert written(plan).properties.created.isoformat() == "2025-01-30T23:00:00"


def test_data_bars_are_solid_and_begin_at_zero(sample: dict[str, str]) -> None:
    xml = sample["xl/worksheets/sheet2.xml"]
    names = re.findall("<x14:id>(.*?)</x14:id>", xml)

    assert names == re.findall('<x14:cfRule type="dataBar" id="(.*?)">', xml)
    assert len(set(names)) == 2
    assert xml.count('gradient="0"') == 2
    assert re.findall("<xm:sqref>(.*?)</xm:sqref></x14:conditional", xml) == ["B5:B7", "D5:D7"]
    assert '<color rgb="FF9DC3E6">' in xml


def test_negative_bars_have_a_colour_and_an_outline_of_their_own(sample: dict[str, str]) -> None:
    plain, two_ways = re.findall("<x14:dataBar .*?</x14:dataBar>", sample["xl/worksheets/sheet2.xml"])

    assert 'negativeBarColorSameAsPositive="1"' in plain
    assert "<x14:negative" not in plain
    assert 'negativeBarColorSameAsPositive="0" border="1"' in two_ways
    assert '<x14:negativeFillColor rgb="FFE0A882"/>' in two_ways


def test_icons_change_at_both_ends_of_the_band(summary: Worksheet) -> None:
    (rule,) = summary.conditional_formatting["B8:C8"]

    assert (rule.type, rule.iconSet.iconSet) == ("iconSet", "3ArrowsGray")
    ends = [(end.type, end.val, end.gte) for end in rule.iconSet.cfvo]
    assert ends == [("percent", 0, None), ("num", -0.01, None), ("num", 0.01, False)]


def test_small_charts_stand_after_the_bars_in_the_one_list_of_extensions(sample: dict[str, str]) -> None:
    xml = sample["xl/worksheets/sheet2.xml"]

    assert xml.endswith("</x14:sparklineGroups></ext></extLst></worksheet>")
    assert re.findall(r'</tableParts>|<ext uri="{(\w+)', xml[xml.rindex("<extLst") :]) == [
        "78C0D931",
        "05C60535",
    ]
    columns, line = re.findall("<x14:sparklineGroup .*?</x14:sparklineGroup>", xml)
    assert 'manualMin="0" type="column" displayEmptyCellsAs="gap" last="1" minAxisType="custom"' in columns
    assert '<x14:colorSeries rgb="FF8FA6BC"/><x14:colorLast rgb="FF1F4E79"/>' in columns
    assert re.findall("<xm:f>(.*?)</xm:f><xm:sqref>(.*?)</xm:sqref>", columns) == [
        ("Summary!B5:B7", "B9"),
        ("Summary!C5:C7", "C9"),
    ]
    assert 'lineWeight="1.25" displayEmptyCellsAs="gap" high="1" low="1">' in line


def test_the_sheet_of_a_small_chart_is_quoted_and_escaped() -> None:
    summary = replace(sample_plan().sheets[1], name="R&D", links=(), charts=())

    assert "<xm:f>'R&amp;D'!B5:B7</xm:f>" in parts(with_sheet(summary))["xl/worksheets/sheet1.xml"]


def test_a_formula_rule_colours_text(summary: Worksheet) -> None:
    (rule,) = summary.conditional_formatting["C5:C7"]

    assert (rule.type, rule.formula) == ("expression", ["C5<9000000"])
    assert (rule.dxf.font.b, rule.dxf.font.color.rgb) == (True, "FFA3191F")


def test_an_unknown_conditional_format_is_refused() -> None:
    sheet = SheetPlan("Data", (), conditional=(ConditionalFormat(Range.at(1, 1), "flags", "000000"),))

    with pytest.raises(
        ValueError,
        match="no conditional format is called 'flags'; there are 'bar', 'formula' and 'icons'",
    ):
        xlsx.to_bytes(with_sheet(sheet))


CHARTS = {kind: f"xl/charts/chart{number}.xml" for number, kind in enumerate(ChartKind, 1)}


@pytest.mark.parametrize("kind", ChartKind)
def test_every_chart_has_title_axes_and_stored_values(sample: dict[str, str], kind: ChartKind) -> None:
    xml = sample[CHARTS[kind]]

    assert f"Signed and paid per year as {kind}" in xml
    assert ">Ministry of Works · EUR million<" in xml
    assert xml.count('<delete val="0">') == (3 if kind is ChartKind.COMBINATION else 2)
    assert '<roundedCorners val="0">' in xml
    assert "<f>Summary!$B$5:$B$7</f>" in xml
    assert "<v>12450000.1</v>" in xml
    assert "<v>2024</v>" in xml
    assert 'numFmt formatCode="#,##0.0,," sourceLinked="0"' in xml
    assert '<min val="0">' in xml


def test_charts_are_of_their_kind(sample: dict[str, str]) -> None:
    found = {
        kind: re.findall(r"<(barDir|grouping|overlap) val=\"(\w+)\"", sample[CHARTS[kind]]) for kind in CHARTS
    }

    assert dict(found[ChartKind.COLUMN]) == {"barDir": "col", "grouping": "clustered"}
    assert dict(found[ChartKind.BAR]) == {"barDir": "bar", "grouping": "clustered"}
    stacked = {"barDir": "col", "grouping": "stacked", "overlap": "100"}
    assert dict(found[ChartKind.STACKED]) == dict(found[ChartKind.WATERFALL]) == stacked
    assert dict(found[ChartKind.SHARE]) == stacked | {"grouping": "percentStacked"}
    assert "<lineChart>" in sample[CHARTS[ChartKind.LINE]]


def test_bars_run_from_top_to_bottom_with_the_axis_below(sample: dict[str, str]) -> None:
    xml = sample[CHARTS[ChartKind.BAR]]

    assert '<orientation val="maxMin">' in xml
    assert '<crosses val="max">' in xml


def test_a_legend_only_where_it_tells_series_apart(sample: dict[str, str]) -> None:
    has_legend = {kind: "<legend>" in sample[part] for kind, part in CHARTS.items()}

    assert has_legend == {kind: kind is not ChartKind.BAR for kind in ChartKind}


def test_an_invisible_series_has_neither_fill_nor_legend_nor_labels(sample: dict[str, str]) -> None:
    xml = sample[CHARTS[ChartKind.STACKED]]
    base, *visible = re.findall("<ser>.*?</ser>", xml)

    assert "<a:noFill " in base.partition("<a:ln")[0]
    assert "dLbls" not in base
    assert all("<dLbls>" in series and "solidFill" in series for series in visible)
    assert re.search('<legendEntry><idx val="0"></idx><delete val="1">', xml)


def test_a_line_at_the_right_has_a_pair_of_axes_of_its_own(sample: dict[str, str]) -> None:
    xml = sample[CHARTS[ChartKind.COMBINATION]]
    columns, line = re.search("<barChart>.*</barChart>", xml), re.search("<lineChart>.*</lineChart>", xml)
    assert columns is not None
    assert line is not None

    assert [re.findall(r'<axId val="(\d+)">', group[0]) for group in (columns, line)] == [
        ["10", "100"],
        ["20", "200"],
    ]
    assert re.findall(r'<idx val="(\d)"></idx><order', columns[0] + line[0]) == ["0", "1"]
    hidden, at_right = re.findall('<(?:cat|val)Ax><axId val="20+">.*?</(?:cat|val)Ax>', xml)
    assert '<delete val="1">' in hidden
    assert '<crosses val="max">' in at_right
    assert "majorGridlines" not in at_right
    assert ">number<" in at_right
    assert all(f'<{end} val="' in at_right for end in ("min", "max", "majorUnit"))


def test_the_plot_leaves_room_for_the_titles(sample: dict[str, str]) -> None:
    plot = re.search("<plotArea><layout>.*?</layout>", sample[CHARTS[ChartKind.COLUMN]])
    assert plot is not None

    assert re.findall(r'<([xywh]) val="([\d.]+)">', plot[0]) == [
        ("x", "0.0129"),
        ("y", "0.1333"),
        ("w", "0.9742"),
        ("h", "0.8267"),
    ]


def test_points_without_room_have_no_labels_and_others_may_have_words() -> None:
    summary = sample_plan().sheets[1]
    bars = summary.charts[list(ChartKind).index(ChartKind.BAR)]
    labels = Labels("0.0", "222222", "outside", without=(0,), texts=((2, '+4 "net"'),))
    chart = replace(bars, series=(replace(bars.series[0], labels=labels),))
    xml = parts(with_sheet(replace(summary, links=(), charts=(chart,))))["xl/charts/chart1.xml"]
    hidden, worded = re.findall("<dLbl>.*?</dLbl>", xml)

    assert '<idx val="0">' in hidden
    assert '<showVal val="0">' in hidden
    assert '<idx val="2">' in worded
    assert "&quot;+4 'net'&quot;;" in worded


def test_turned_labels_are_turned_upwards_and_some_left_out() -> None:
    summary = sample_plan().sheets[1]
    chart = replace(summary.charts[0], label_turn=45, label_step=3)
    xml = parts(with_sheet(replace(summary, links=(), charts=(chart,))))["xl/charts/chart1.xml"]

    assert 'rot="-2700000"' in xml
    assert '<tickLblSkip val="3">' in xml


def test_charts_stand_where_the_plan_puts_them(sample: dict[str, str]) -> None:
    drawing = sample["xl/drawings/drawing1.xml"]

    assert re.findall(r"<row>(\d+)</row>", drawing.replace("xdr:", "")) == [
        str(3 + 16 * number) for number in range(7)
    ]
    assert drawing.count('cx="5580000" cy="2700000"') == 7
    assert drawing.count("oneCellAnchor>") == 14


def test_charts_have_alternative_texts_and_names_of_their_own(sample: dict[str, str]) -> None:
    drawing = sample["xl/drawings/drawing1.xml"]

    assert re.findall(r'name="(Chart \d)"', drawing) == [f"Chart {number}" for number in range(1, 8)]
    shapes = [shape for shape in ET.fromstring(drawing).iter() if shape.tag.endswith("cNvPr")]  # noqa: S314  # we wrote it
    assert [shape.get("descr") for shape in shapes] == [
        f'{kind}: "signed" & paid by year' for kind in ChartKind
    ]


def test_chart_texts_without_characters_that_xml_forbids() -> None:
    summary = sample_plan().sheets[1]
    chart = replace(summary.charts[0], title="a\x00b", alt_text="c\x0bd")
    result = parts(with_sheet(replace(summary, links=(), charts=(chart,))))

    assert "a\ufffdb" in result["xl/charts/chart1.xml"]
    assert 'descr="c\ufffdd"' in result["xl/drawings/drawing1.xml"]


def test_a_chart_may_show_the_cells_of_another_sheet() -> None:
    summary = sample_plan().sheets[1]
    chart = replace(summary.charts[0], sheet="R&D contracts")
    result = parts(with_sheet(replace(summary, links=(), charts=(chart,))))

    assert "<f>'R&amp;D contracts'!$B$5:$B$7</f>" in result["xl/charts/chart1.xml"]


def test_an_axis_without_ends_is_left_to_excel_and_a_missing_number_is_no_point() -> None:
    summary = sample_plan().sheets[1]
    series = replace(summary.charts[0].series[0], numbers=(-1, None, 2))
    chart = replace(summary.charts[0], series=(series,), axis=Axis())
    result = parts(with_sheet(replace(summary, links=(), charts=(chart,))))

    assert "<min val=" not in result["xl/charts/chart1.xml"]
    assert re.findall(r'<pt idx="(\d)"><v>(-?\d)</v>', result["xl/charts/chart1.xml"]) == [
        ("0", "-1"),
        ("2", "2"),
    ]


def test_style_runs_over_empty_cells_show_their_fill() -> None:
    sheet = SheetPlan("Data", (), (StyleRun(Range.at(2, 2, 2, 2), Style(fill="DCE6F1")),))
    cell = written(with_sheet(sheet)).worksheets[0]["C3"]

    assert cell.fill.fgColor.rgb == "FFDCE6F1"
