"""What we rely on inside openpyxl beyond its documentation.

When openpyxl changes, these tests fail first and say which of our modules has to follow.
"""

import io
import re
import zipfile
from importlib.metadata import version

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.pivot import PivotFormat, PivotSource
from openpyxl.styles import Font
from openpyxl.styles.named_styles import NamedStyle
from openpyxl.styles.numbers import BUILTIN_FORMATS_MAX_SIZE, BUILTIN_FORMATS_REVERSE
from openpyxl.styles.styleable import StyleableObject
from openpyxl.styles.stylesheet import write_stylesheet
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableColumn
from openpyxl.writer.excel import ExcelWriter
from openpyxl.writer.theme import theme_xml
from openpyxl.xml.functions import tostring


def parts(workbook: Workbook) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(), "w") as archive:
        ExcelWriter(workbook, archive).write_data()
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_the_version_is_the_one_that_was_read() -> None:
    assert version("openpyxl").split(".")[:2] == ["3", "1"]


def test_parts_have_the_names_that_parts_py_looks_for() -> None:
    workbook = Workbook()
    workbook.worksheets[0].add_chart(BarChart())

    assert set(parts(workbook)) >= {
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/app.xml",
        "docProps/core.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/theme/theme1.xml",
        "xl/worksheets/sheet1.xml",
        "xl/drawings/drawing1.xml",
        "xl/charts/chart1.xml",
    }


def test_drawings_tables_and_workbooks_end_where_pivots_and_slicers_are_put_in() -> None:
    workbook = Workbook()
    for name in ("T_1", "T_2"):
        sheet = workbook.create_sheet()
        sheet.add_table(Table(displayName=name, ref="A1:A2", tableColumns=[TableColumn(id=1, name="a")]))
        sheet.add_chart(BarChart())
    found = parts(workbook)

    assert found["xl/drawings/drawing1.xml"].endswith("</wsDr>")
    assert found["xl/workbook.xml"].endswith("</workbook>")
    assert found["xl/workbook.xml"].rindex("<calcPr") > found["xl/workbook.xml"].rindex("</sheets>")
    assert "pivotCaches" not in found["xl/workbook.xml"]
    sheet_xml = found["xl/worksheets/sheet3.xml"]
    assert sheet_xml.index("<drawing ") < sheet_xml.index("<tableParts ")
    assert [re.search(' id="([0-9]+)"', found[f"xl/tables/table{n}.xml"])[1] for n in (1, 2)] == ["1", "2"]  # type: ignore[index]
    relations = found["xl/worksheets/_rels/sheet3.xml.rels"]
    assert re.findall('Id="(.*?)"', relations) == ["rId1", "rId2"]


def test_a_chart_has_a_place_for_its_pivot_and_knows_the_charts_that_it_is_combined_with() -> None:
    bars, lines = BarChart(), LineChart()
    bars += lines
    bars.pivotSource = PivotSource("[]Sheet!Pivot", 3)
    bars.pivotFormats = [PivotFormat(idx=7)]
    workbook = Workbook()
    workbook.worksheets[0].add_chart(bars)
    xml = parts(workbook)["xl/charts/chart1.xml"]

    assert vars(bars)["_charts"] == [bars, lines]
    assert '<pivotSource><name>[]Sheet!Pivot</name><fmtId val="3"' in xml
    assert xml.index("<pivotSource>") < xml.index("<chart>") < xml.index('<pivotFmts><pivotFmt><idx val="7"')
    assert xml.index("<pivotFmts>") < xml.index("<plotArea>")


def test_number_formats_can_be_registered_without_a_cell() -> None:
    workbook = Workbook()

    assert vars(workbook)["_number_formats"].add("0.000") == 0
    assert f'numFmtId="{BUILTIN_FORMATS_MAX_SIZE}"' in tostring(write_stylesheet(workbook)).decode()
    assert BUILTIN_FORMATS_REVERSE["0.00%"] == 10


def test_there_are_no_shared_strings_to_collide_with_ours() -> None:
    workbook = Workbook()
    workbook.worksheets[0]["A1"] = "text"
    found = parts(workbook)

    assert "xl/sharedStrings.xml" not in found
    assert "sharedStrings" not in found["xl/_rels/workbook.xml.rels"] + found["[Content_Types].xml"]


def test_a_cell_without_value_makes_the_sheet_larger_and_carries_its_link() -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.cell(9, 4)
    sheet.cell(2, 2).hyperlink = Hyperlink(ref="", location="Sheet!A1")
    xml = parts(workbook)["xl/worksheets/sheet1.xml"]

    assert 'ref="B2:D9"' in xml
    assert '<hyperlink ref="B2" location="Sheet!A1"' in xml
    assert xml.count("<sheetData>") == xml.count("</sheetData>") == 1


def test_the_stylesheet_can_be_asked_for_later_with_formats_added_meanwhile() -> None:
    workbook = Workbook()
    parts(workbook)
    cell = StyleableObject(workbook.worksheets[0])
    cell.number_format = "0.000"
    cell.quotePrefix = True

    assert cell.style_id == 1
    xml = tostring(write_stylesheet(workbook)).decode()
    assert 'formatCode="0.000"' in xml
    assert 'quotePrefix="1"' in xml


def test_a_named_style_gives_a_cell_its_number() -> None:
    workbook = Workbook()
    workbook.add_named_style(NamedStyle("Report body"))
    cell = StyleableObject(workbook.worksheets[0])
    cell.style = "Report body"

    assert workbook.named_styles == ["Normal", "Report body"]
    assert f'xfId="{1}"' in tostring(write_stylesheet(workbook)).decode()
    assert cell.style_id == 1


def test_the_default_font_is_where_styles_py_puts_its_own() -> None:
    private = vars(Workbook())

    assert isinstance(private["_fonts"], IndexedList)
    assert private["_fonts"][0].name == "Calibri"
    assert private["_named_styles"]["Normal"].font.name == "Calibri"


def test_the_elements_of_a_font_are_written_in_the_order_of_its_class() -> None:
    assert {"b", "sz", "color", "name", "family"} <= set(Font.__elements__)
    assert Font.__nested__


def test_line_breaks_in_column_names_are_coded_once() -> None:
    workbook = Workbook()
    table = Table(displayName="T_1", ref="A1:A2", tableColumns=[TableColumn(id=1, name="a_x000a_b")])
    workbook.worksheets[0].add_table(table)

    assert 'name="a_x000a_b"' in parts(workbook)["xl/tables/table1.xml"]


def test_data_labels_say_nothing_of_their_source_and_drawings_nothing_of_their_charts() -> None:
    workbook = Workbook()
    chart = BarChart()
    chart.dataLabels = DataLabelList(numFmt="0.0")
    workbook.worksheets[0].add_chart(chart)
    found = parts(workbook)

    assert 'numFmt formatCode="0.0"' in found["xl/charts/chart1.xml"]
    assert 'sourceLinked="0"' not in found["xl/charts/chart1.xml"].partition('formatCode="0.0"')[2][:20]
    assert 'cNvPr id="1" name="Chart 1"' in found["xl/drawings/drawing1.xml"]
    assert "descr" not in found["xl/drawings/drawing1.xml"]


def test_the_theme_has_the_colours_and_fonts_that_office_theme_py_replaces() -> None:
    assert all(f"<a:accent{number}>" in theme_xml for number in range(1, 7))
    assert (
        theme_xml.count("Font>") - theme_xml.count("</a:majorFont>") - theme_xml.count("</a:minorFont>") == 2
    )
    assert '<a:latin typeface="Calibri"/>' in theme_xml
