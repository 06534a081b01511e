"""Turn a plan into an openpyxl workbook with everything but the cells."""

import datetime as dt
from typing import Final, Literal

from openpyxl import Workbook
from openpyxl.formatting.rule import DataBar, FormatObject, IconSet, Rule
from openpyxl.packaging.core import DocumentProperties
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
from xlreport.backends.xlsx.office_theme import office_theme
from xlreport.backends.xlsx.strings import coded, legal
from xlreport.backends.xlsx.styles import SchemaFont, opaque
from xlreport.cells import cell_name, column_letter
from xlreport.plan import ConditionalFormat, Link, SheetPlan, TablePlan, WorkbookPlan
from xlreport.styles import Theme

__all__ = ["structure"]

_PAPER: Final = {"Letter": 1, "Legal": 5, "A3": 8, "A4": 9}
_MARGINS: Final = {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.75, "header": 0.3, "footer": 0.35}
"""Inches."""
_FOOTER_SIZE: Final = 8
_MAX_FOOTER: Final = 255
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
        _add_sheet(workbook, sheet, plan.theme)
    workbook.active = 0
    for name, reference in plan.names.items():
        workbook.defined_names[name] = DefinedName(name, attr_text=reference)
    workbook.loaded_theme = office_theme(plan.theme)
    workbook.properties = _properties(plan)
    workbook.calculation = CalcProperties(fullCalcOnLoad=True)
    workbook.security = None
    return workbook


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


def _add_sheet(workbook: Workbook, sheet: SheetPlan, theme: Theme) -> None:
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
        worksheet.add_chart(drawn(chart, sheet.name, theme))
    _set_print(worksheet, sheet, theme)
    _add_links(worksheet, sheet)


def _set_view(worksheet: Worksheet, sheet: SheetPlan, *, is_first: bool) -> None:
    view = worksheet.sheet_view
    view.showGridLines = sheet.gridlines
    view.zoomScale = view.zoomScaleNormal = 100
    view.tabSelected = is_first or None
    if sheet.freeze is not None:
        worksheet.freeze_panes = cell_name(*sheet.freeze)
    worksheet.sheet_properties = WorksheetProperties(
        tabColor=opaque(sheet.tab_color) if sheet.tab_color else None,
        pageSetUpPr=PageSetupProperties(fitToPage=True),
    )


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
        look = DifferentialStyle(font=SchemaFont(b=True, color=opaque(rule.color)))
        return Rule("expression", dxf=look, formula=[rule.formula])
    if rule.kind == "icons":
        ends = [FormatObject("percent", 0), FormatObject("num", -rule.band), FormatObject("num", rule.band)]
        ends[2].gte = False
        return Rule("iconSet", iconSet=IconSet(iconSet=_ICONS[rule.icons], cfvo=ends))
    message = f"no conditional format is called {rule.kind!r}; there are 'bar', 'formula' and 'icons'"
    raise ValueError(message)


def _set_print(worksheet: Worksheet, sheet: SheetPlan, theme: Theme) -> None:
    if theme.paper not in _PAPER:
        message = f"no paper size is called {theme.paper!r}; there are {', '.join(_PAPER)}"
        raise ValueError(message)
    setup = worksheet.page_setup
    setup.paperSize = _PAPER[theme.paper]
    setup.orientation = "landscape" if sheet.print.landscape else "portrait"
    setup.fitToWidth, setup.fitToHeight = 1, 0
    worksheet.page_margins = PageMargins(**_MARGINS)
    if sheet.print.repeat_rows is not None:
        first, last = sheet.print.repeat_rows
        worksheet.print_title_rows = f"{first}:{last}"
    for row in sheet.print.breaks:
        worksheet.row_breaks.append(Break(id=row - 1))
    if sheet.print.area is not None:
        worksheet.print_area = str(sheet.print.area)
    _set_footer(worksheet, sheet)


def _set_footer(worksheet: Worksheet, sheet: SheetPlan) -> None:
    footer = HeaderFooterItem()
    footer.left.text = legal(sheet.print.footer).replace("&", "&&") or None
    footer.center.text = "&A"
    footer.right.text = "Page &P of &N"
    for part in (footer.left, footer.center, footer.right):
        part.size = _FOOTER_SIZE
    if len(str(footer)) > _MAX_FOOTER:
        message = f"the footer of sheet {sheet.name!r} is too long: {sheet.print.footer!r}"
        raise ValueError(message)
    worksheet.HeaderFooter.oddFooter = footer
