"""How the columns of an entry sheet look: number format, alignment, width, and that they can be filled in."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from xlreport.language import Language
from xlreport.layout.entry.sheets import FormColumn
from xlreport.layout.formats import displayed
from xlreport.plan import CellValue
from xlreport.styles import Align, Role, Style, Theme
from xlreport.tables import Kind
from xlreport.text import text_width

__all__ = ["REQUIRED_FORMAT", "body_style", "header_style", "width_of"]

REQUIRED_FORMAT: Final = '@" *"'
"""Shows an asterisk behind a heading, which the cell does not hold: read back, it is the plain heading."""
_TEXT: Final = "@"
_WIDTHS: Final = {
    Kind.DATE: 12.5,
    Kind.DATETIME: 19.0,
    Kind.INTEGER: 12.0,
    Kind.DECIMAL: 16.0,
    Kind.BOOLEAN: 10.0,
}
_TEXT_WIDTH: Final = 18.0
_LONG: Final = 34.0
_MOST: Final = 40.0
_LONG_WORDS: Final = ("description", "title", "name", "note", "comment", "terms")
_MEASURED: Final = 200
"""Rows that are looked at to find how wide a column has to be."""


def body_style(column: FormColumn, theme: Theme, language: Language) -> Style:
    """Return the style of the cells that are to be filled in, down to the end of the sheet."""
    style = theme.style(Role.BODY).with_(locked=False, number_format=_format(column, theme))
    if column.kind in (Kind.TEXT, Kind.BOOLEAN) or column.repeated:
        side = Align.RIGHT if language.right_to_left else Align.LEFT
        return style.with_(align=side, indent=1)  # off the number at its side
    return style.with_(align=Align.RIGHT)


def header_style(column: FormColumn, theme: Theme, language: Language) -> Style:
    """Return the style of a heading: what every row needs stands out by its colour and has an asterisk."""
    needed = column.need is not None
    body = body_style(column, theme, language)
    return theme.style(Role.HEADER).with_(
        align=body.align,
        indent=body.indent,
        fill=theme.accent if needed else theme.muted,
        number_format=REQUIRED_FORMAT if needed else "General",
        right_to_left=language.right_to_left,
    )


def _format(column: FormColumn, theme: Theme) -> str:
    """Return the number format: of texts the one that keeps 00123 and 1/2 as they are typed."""
    if column.repeated:
        return _TEXT
    match column.kind:
        case Kind.DATE:
            return theme.date_format
        case Kind.DATETIME:
            return theme.datetime_format
        case Kind.INTEGER | Kind.BOOLEAN:
            return "General"
        case Kind.DECIMAL:
            return "General" if column.is_key else theme.decimal_format
    return _TEXT if not _of_numbers(column) else "General"


def _of_numbers(column: FormColumn) -> bool:
    values = column.constraints.values
    return bool(values) and all(isinstance(value, int | Decimal) for value in values)


def width_of(column: FormColumn, values: Iterable[CellValue]) -> float:
    """Return the width of a column in characters, wide enough for its heading and the first values."""
    heading = max(map(text_width, column.heading.split()), default=0) + 5.5
    shown = [displayed(value, "General") for _, value in zip(range(_MEASURED), values, strict=False)]
    longest = max(map(text_width, shown), default=0)
    choices = max((text_width(str(value)) for value in column.constraints.values), default=0)
    if not column.repeated and column.kind in _WIDTHS:
        usual = _WIDTHS[column.kind]
    elif column.constraints.values:
        usual = choices + 4.0
    elif column.constraints.max_length:
        usual = column.constraints.max_length + 2.0
    else:
        usual = _usual_width(column)
    return min(max(heading, usual, longest + 3.0), _MOST)


def _usual_width(column: FormColumn) -> float:
    name = column.path.removesuffix("/*").rpartition("/")[2].casefold()
    return _LONG if any(name.endswith(word) for word in _LONG_WORDS) or column.repeated else _TEXT_WIDTH
