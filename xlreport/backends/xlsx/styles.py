"""Turn the styles of a plan into the cell formats of an openpyxl workbook.

Every role becomes a named cell style, as the theme draws it; every style of the plan becomes a cell
format that belongs to its role's named style.
"""

from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Color, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.styles.numbers import BUILTIN_FORMATS_MAX_SIZE, BUILTIN_FORMATS_REVERSE
from openpyxl.styles.styleable import StyleableObject
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.dimensions import ColumnDimension

from xlreport.styles import Align, Role, Style, Theme

__all__ = ["Formats", "SchemaFont", "opaque"]

_NO_FILL: Final = PatternFill()
_NO_SIDE: Final = Side()
_RIGHT_TO_LEFT: Final = 2
_SWISS: Final = 2
"""The font family of sans serif faces."""


class SchemaFont(Font):  # type: ignore[misc,unused-ignore]  # without openpyxl's stubs Font is Any
    """openpyxl's font with its elements in the order of the schema.

    openpyxl writes another order, which Excel reads but Microsoft's validator reports.
    """

    __attrs__ = Font.__attrs__
    __nested__ = Font.__nested__
    __elements__ = (
        *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
        *("sz", "color", "name", "family", "charset", "scheme"),
    )


_PIVOT_STYLES: Final = {
    "Corner": Role.HEADER,
    "Field": Role.HEADER,
    "Category": Role.LABEL,
    "Title": Role.TOTAL,
    "Value": Role.BODY,
    "Result": Role.TOTAL,
}
"""What LibreOffice calls the parts of a pivot -> the role whose look they have."""


class Formats:
    """The cell formats of one workbook: registers each style once and gives its number."""

    def __init__(self, workbook: Workbook, theme: Theme) -> None:
        """Register formats in ``workbook``, whose default font becomes that of the theme's body."""
        self._workbook = workbook
        self._theme = theme
        self._ids: dict[tuple[Style | None, bool], int] = {(None, False): 0}
        self._set_default_font()

    def id(self, style: Style | None, *, guarded: bool = False) -> int:
        """Return the number of the cell format of ``style``.

        None is the workbook's default; ``guarded`` adds the quote prefix, which keeps text text.
        """
        key = style, guarded
        if key not in self._ids:
            self._ids[key] = self._register(style, guarded=guarded)
        return self._ids[key]

    def dress(self, column: ColumnDimension, style: Style) -> None:
        """Give all cells of a column that are not there a style."""
        private = vars(self._workbook)  # openpyxl has no public way; see the contract test
        vars(column)["_style"] = private["_cell_styles"][self.id(style)]

    def number_format(self, code: str) -> int:
        """Return the number of a number format where no cell has it, as the values of pivots need it."""
        built_in = BUILTIN_FORMATS_REVERSE.get(code)
        if built_in is not None:
            return int(built_in)
        private = vars(self._workbook)  # openpyxl has no public way; see the contract test
        return int(private["_number_formats"].add(code)) + BUILTIN_FORMATS_MAX_SIZE

    def name_pivot_styles(self) -> None:
        """Add the cell styles that LibreOffice draws a pivot in, so that it keeps the look of the report."""
        for name, role in _PIVOT_STYLES.items():
            style = self._theme.style(role).with_(wrap=name != "Value")
            self._workbook.add_named_style(_named(f"Pivot Table {name}", style))

    def _set_default_font(self) -> None:
        """Widths count characters of the default font, so it has to be the theme's."""
        font = _font(self._theme.style(Role.BODY))
        private = vars(self._workbook)  # openpyxl has no public way; see the contract test
        private["_fonts"] = IndexedList([font])
        private["_named_styles"]["Normal"].font = font

    def _register(self, style: Style | None, *, guarded: bool) -> int:
        cell = StyleableObject(self._workbook.worksheets[0])
        if style is not None:
            cell.style = self._named_style(style.role)
            cell.font = _font(style)
            cell.fill = _fill(style)
            cell.border = _border(style)
            cell.alignment = _alignment(style)
            cell.number_format = style.number_format
            if not style.locked:
                cell.protection = Protection(locked=False)
        if guarded or (style is not None and style.text_prefix):
            cell.quotePrefix = True
        return int(cell.style_id)

    def _named_style(self, role: Role) -> str:
        name = f"Report {role.value}"
        if name not in self._workbook.named_styles:
            self._workbook.add_named_style(_named(name, self._theme.style(role)))
        return name


def _named(name: str, style: Style) -> NamedStyle:
    return NamedStyle(
        name,
        font=_font(style),
        fill=_fill(style),
        border=_border(style),
        alignment=_alignment(style),
        number_format=style.number_format,
    )


def opaque(color: str) -> Color:
    """Return the RRGGBB ``color`` without transparency."""
    return Color(rgb=f"FF{color}")


def _font(style: Style) -> SchemaFont:
    return SchemaFont(
        name=style.font,
        sz=style.size,
        b=style.bold,
        i=style.italic,
        u="single" if style.underline else None,
        color=opaque(style.color),
        family=_SWISS,
    )


def _fill(style: Style) -> PatternFill:
    return PatternFill("solid", fgColor=opaque(style.fill)) if style.fill else _NO_FILL


def _border(style: Style) -> Border:
    return Border(
        left=_NO_SIDE, right=_NO_SIDE, top=_rule(style.top), bottom=_rule(style.bottom), diagonal=_NO_SIDE
    )


def _rule(color: str) -> Side:
    return Side("thin", opaque(color)) if color else _NO_SIDE


def _alignment(style: Style) -> Alignment:
    align = style.align
    if style.indent and align is Align.GENERAL:
        align = Align.LEFT  # Excel indents only what has a side
    return Alignment(
        horizontal=None if align is Align.GENERAL else align.value,
        vertical=style.vertical,
        wrap_text=style.wrap or None,
        indent=style.indent,
        readingOrder=_RIGHT_TO_LEFT if style.right_to_left else 0,
    )
