"""Turn a plan into an openpyxl workbook with everything but the cells."""

import datetime as dt
from collections.abc import Iterator
from typing import Final, Literal

from openpyxl import Workbook
from openpyxl.formatting.rule import DataBar, FormatObject, IconSet, Rule
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties, WorksheetProperties
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from xlreport.backends.xlsx.charts import drawn
from xlreport.backends.xlsx.entry import add_entry
from xlreport.backends.xlsx.office_theme import office_theme
from xlreport.backends.xlsx.pictures import DrawnPicture
from xlreport.backends.xlsx.pivot_charts import follow
from xlreport.backends.xlsx.slicers import cache_name
from xlreport.backends.xlsx.strings import coded, legal
from xlreport.backends.xlsx.styles import SchemaFont, opaque
from xlreport.cells import cell_name, column_letter
from xlreport.page_lines import MOST_LENGTH
from xlreport.plan import ConditionalFormat, Link, SheetPlan, TablePlan, WorkbookPlan
from xlreport.styles import PageLine, Theme

__all__ = ["structure"]

_PAPER: Final = {"Letter": 1, "Legal": 5, "A3": 8, "A4": 9}
_HEADER_MARGIN: Final = 0.3
_FOOTER_MARGIN: Final = 0.35
"""Inches."""
_PAGE_LINE_SIZE: Final = 8
_ICONS: Final[dict[str, Literal["3Arrows", "3ArrowsGray", "3Signs"]]] = {
    "arrows": "3Arrows",
    "grayArrows": "3ArrowsGray",
    "signs": "3Signs",
}


def structure(plan: WorkbookPlan) -> Workbook:
    """Return a workbook with the plan's sheets, tables, charts, names and properties, but empty cells.

    ValueError for what layout has to prevent: a sheet name that Excel refuses, an unknown paper size,
    a footer that is too long.
    """
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in plan.sheets:
        _add_sheet(workbook, sheet, plan)
    workbook.active = 0
    for name, reference in (*plan.names.items(), *_slicer_names(plan)):
        workbook.defined_names[name] = DefinedName(name, attr_text=reference)
    workbook.loaded_theme = office_theme(plan.theme)
    workbook.properties = _properties(plan)
    workbook.calculation = CalcProperties(fullCalcOnLoad=True)
    workbook.security = None
    return workbook


def _slicer_names(plan: WorkbookPlan) -> Iterator[tuple[str, str]]:
    """Yield the names of the slicers, which stand for no cells."""
    for sheet in plan.sheets:
        yield from ((cache_name(slicer), "#N/A") for slicer in sheet.slicers)


def _properties(plan: WorkbookPlan) -> DocumentProperties:
    moment = plan.as_of if plan.as_of.tzinfo is None else plan.as_of.astimezone(dt.UTC).replace(tzinfo=None)
    return DocumentProperties(
        title=legal(plan.title),
        subject=legal(plan.subject) or None,
        creator=legal(plan.creator) or None,
        description=legal(plan.description) or None,
        keywords=legal(plan.keywords) or None,
        created=moment,
        modified=moment,
    )


def _add_sheet(workbook: Workbook, sheet: SheetPlan, plan: WorkbookPlan) -> None:
    theme = plan.theme
    worksheet = workbook.create_sheet(sheet.name)
    if worksheet.title != sheet.name:  # openpyxl numbers a name that is taken
        message = f"the sheet name {sheet.name!r} is there twice"
        raise ValueError(message)
    _set_view(worksheet, sheet, is_first=len(workbook.worksheets) == 1)
    for column, width in sheet.widths.items():
        worksheet.column_dimensions[column_letter(column)].width = width
    for table in sheet.tables:
        worksheet.add_table(_table(table))
    for rule in sheet.conditional:
        worksheet.conditional_formatting.add(str(rule.range), _rule(rule))
    for chart in sheet.charts:
        result = drawn(chart, sheet.name, theme)
        if chart.pivot:
            follow(result, chart, sheet.name, plan.sheets)
        worksheet.add_chart(result)
    for picture in sheet.pictures:
        worksheet.add_image(DrawnPicture(picture))
    _set_print(worksheet, sheet, theme)
    _add_links(worksheet, sheet)
    add_entry(worksheet, sheet, plan)


def _set_view(worksheet: Worksheet, sheet: SheetPlan, *, is_first: bool) -> None:
    view = worksheet.sheet_view
    view.showGridLines = sheet.gridlines
    view.zoomScale = view.zoomScaleNormal = 100
    view.tabSelected = is_first or None
    view.rightToLeft = sheet.right_to_left or None
    if sheet.freeze is not None:
        worksheet.freeze_panes = cell_name(*sheet.freeze)
    worksheet.sheet_properties = WorksheetProperties(
        tabColor=opaque(sheet.tab_color) if sheet.tab_color else None,
        pageSetUpPr=PageSetupProperties(fitToPage=True),
    )
    if sheet.grouped:
        worksheet.sheet_format.outlineLevelRow = 1


def _add_links(worksheet: Worksheet, sheet: SheetPlan) -> None:
    """Hang the links on cells; openpyxl also takes the size of the sheet from the cells that it has."""
    worksheet.cell(1, 1)
    worksheet.cell(sheet.used.last_row, sheet.used.last_column)
    for link in sheet.links:
        worksheet.cell(link.row, link.column).hyperlink = _hyperlink(link)


def _hyperlink(link: Link) -> Hyperlink:
    tooltip = legal(link.tooltip) or None
    if "://" in link.target:  # no sheet name has these characters
        return Hyperlink(ref="", target=link.target, tooltip=tooltip)
    return Hyperlink(ref="", location=link.target.removeprefix("#"), tooltip=tooltip)


def _table(table: TablePlan) -> Table:
    place = str(table.range)
    return Table(
        displayName=table.name,
        ref=place,
        autoFilter=AutoFilter(ref=place),
        tableColumns=[
            TableColumn(id=number, name=coded(name)) for number, name in enumerate(table.columns, 1)
        ],
        tableStyleInfo=TableStyleInfo(
            name=table.style,
            showFirstColumn=False,
            showLastColumn=False,
            showRowStripes=table.banded,
            showColumnStripes=False,
        ),
    )


def _rule(rule: ConditionalFormat) -> Rule:
    if rule.kind == "bar":
        ends = [FormatObject("num", 0), FormatObject("max")]
        return Rule(
            "dataBar", dataBar=DataBar(cfvo=ends, color=opaque(rule.color), minLength=0, maxLength=90)
        )
    if rule.kind == "formula":
        return Rule("expression", dxf=_look(rule), formula=[rule.formula])
    if rule.kind == "icons":
        ends = [FormatObject("percent", 0), FormatObject("num", -rule.band), FormatObject("num", rule.band)]
        ends[2].gte = False
        return Rule("iconSet", iconSet=IconSet(iconSet=_ICONS[rule.icons], cfvo=ends))
    message = f"no conditional format is called {rule.kind!r}; there are 'bar', 'formula' and 'icons'"
    raise ValueError(message)


def _look(rule: ConditionalFormat) -> DifferentialStyle:
    if not rule.fill:
        return DifferentialStyle(font=SchemaFont(b=True, color=opaque(rule.color)))
    font = SchemaFont(color=opaque(rule.color)) if rule.color else None
    return DifferentialStyle(font=font, fill=PatternFill(bgColor=opaque(rule.fill)))


def _set_print(worksheet: Worksheet, sheet: SheetPlan, theme: Theme) -> None:
    if theme.paper not in _PAPER:
        message = f"no paper size is called {theme.paper!r}; there are {', '.join(_PAPER)}"
        raise ValueError(message)
    setup = worksheet.page_setup
    setup.paperSize = _PAPER[theme.paper]
    setup.orientation = "landscape" if sheet.print.landscape else "portrait"
    setup.fitToWidth, setup.fitToHeight = sheet.print.pages_wide, 0
    worksheet.page_margins = PageMargins(
        theme.margins.left,
        theme.margins.right,
        theme.margins.top,
        theme.margins.bottom,
        _HEADER_MARGIN,
        _FOOTER_MARGIN,
    )
    if sheet.print.repeat_rows is not None:
        first, last = sheet.print.repeat_rows
        worksheet.print_title_rows = f"{first}:{last}"
    if sheet.print.repeat_columns is not None:
        worksheet.print_title_cols = ":".join(map(column_letter, sheet.print.repeat_columns))
    for row in sheet.print.breaks:
        worksheet.row_breaks.append(Break(id=row - 1))
    if sheet.print.area is not None:
        worksheet.print_area = str(sheet.print.area)
    worksheet.HeaderFooter.oddHeader = _page_line(sheet.print.header, f"header of sheet {sheet.name!r}")
    worksheet.HeaderFooter.oddFooter = _page_line(sheet.print.footer, f"footer of sheet {sheet.name!r}")


def _page_line(line: PageLine, what: str) -> HeaderFooterItem:
    result = HeaderFooterItem()
    result.left.text = legal(line.left) or None
    result.center.text = legal(line.middle) or None
    result.right.text = legal(line.right) or None
    for part in (result.left, result.center, result.right):
        part.size = _PAGE_LINE_SIZE
    if len(str(result)) > MOST_LENGTH:
        message = f"the {what} is too long: {line}"
        raise ValueError(message)
    return result
