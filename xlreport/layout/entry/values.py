"""Turn a value of a record into what a cell holds, with a sentence where it reads back as something else."""

import datetime as dt
import json
import re
from decimal import Decimal
from typing import Any, Final

from xlreport.cells import MAX_TEXT, excel_length
from xlreport.layout.entry.days import FIRST_DAY
from xlreport.layout.entry.sheets import FormColumn
from xlreport.layout.texts import fitting
from xlreport.plan import CellValue
from xlreport.sentences import Sentence
from xlreport.tables import Kind

__all__ = ["as_text", "cell_of"]

_SEPARATOR: Final = ";"
_EXACT_DIGITS: Final = 15
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:[.][0-9]*)?|[.][0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")

_Found = tuple[CellValue, str]
"""What the cell holds, and what there is to say about it, or nothing."""


def as_text(value: Any) -> CellValue:
    """Return a value that no column is made for: arrays and objects as JSON, anything else as it is."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value  # type: ignore[no-any-return]  # plain JSON


def cell_of(value: Any, column: FormColumn) -> _Found:
    """Return what a cell holds of a value, and a sentence where it reads back as something else."""
    if value is None:
        return None, ""
    if column.repeated:
        return _several(value, column)
    if isinstance(value, dict | list):
        if not value:
            return None, ""
        return as_text(value), Sentence(
            "{title} is to hold one value, and this is several.", title=column.heading
        )
    return _one(value, column)


def _several(value: Any, column: FormColumn) -> _Found:
    if value == []:
        return None, ""
    if not isinstance(value, list):
        return as_text(value), Sentence(
            "{title} is to hold several values; read back, this one is a list.", title=column.heading
        )
    texts = []
    for item in value:
        cell, problem = _one(item, column) if not isinstance(item, dict | list) else (as_text(item), "nested")
        text = _in_words(cell)
        if problem or item is None or _SEPARATOR in text or text != text.strip() or not text:
            return _SEPARATOR.join(_in_words(as_text(each)) for each in value), Sentence(
                "{title} is a list that one cell with semicolons cannot hold.", title=column.heading
            )
        texts.append(text)
    return _fitting("; ".join(texts), column)


def _in_words(value: CellValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, dt.date) else "" if value is None else str(value)


def _one(value: Any, column: FormColumn) -> _Found:
    """Return the cell of a plain value."""
    match column.kind:
        case Kind.BOOLEAN:
            return _truth_value(value, column)
        case Kind.INTEGER | Kind.DECIMAL:
            return _number(value, column)
        case Kind.DATE:
            return _day(value, column)
        case Kind.DATETIME:
            return _moment(value, column)
    if isinstance(value, str):
        return _text(value, column)
    return value, Sentence("{title} is a text; read back, this value is one too.", title=column.heading)


def _text(value: str, column: FormColumn) -> _Found:
    if not value.strip():
        return value, Sentence(
            "{title} is a text of nothing but blanks, which is read as no value.", title=column.heading
        )
    if value != value.strip():
        return value, Sentence("{title} has blanks around it, which are not read.", title=column.heading)
    return _fitting(value, column)


def _fitting(value: str, column: FormColumn) -> _Found:
    if len(value) > MAX_TEXT // 2 and excel_length(value) > MAX_TEXT:
        return fitting(value), Sentence(
            "{title} is longer than a cell; its end is left out.", title=column.heading
        )
    return value, ""


def _truth_value(value: Any, column: FormColumn) -> _Found:
    if isinstance(value, bool):
        return value, ""
    return _other(value, column)


def _number(value: Any, column: FormColumn) -> _Found:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float):
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            return value, Sentence("{title} is a number; read back, this text is one.", title=column.heading)
        return _other(value, column)
    number = Decimal(str(value))
    if len(number.normalize().as_tuple().digits) > _EXACT_DIGITS or abs(number) >= Decimal("1E+300"):
        return f"{number:f}", ""  # a text, so that no digit is lost; it is read as the number
    return int(number) if number == number.to_integral_value() else number.normalize(), ""


def _day(value: Any, column: FormColumn) -> _Found:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            day = dt.date.fromisoformat(value)
        except ValueError:
            return _other(value, column)
        return (day if day >= FIRST_DAY else value), ""
    return _other(value, column)


def _moment(value: Any, column: FormColumn) -> _Found:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            moment = dt.datetime.fromisoformat(value.removesuffix("Z"))
        except ValueError:
            return _other(value, column)
        return (moment if moment.date() >= FIRST_DAY else value), ""
    return _other(value, column)


def _other(value: Any, column: FormColumn) -> _Found:
    """Return the cell of a value of a wrong type: a text stays what it is, anything else becomes one."""
    if isinstance(value, str):
        return _text(value, column)
    if isinstance(value, int | float | Decimal) and column.kind in (Kind.DATE, Kind.DATETIME):
        value = str(value)  # a number would be shown, and read, as a day
    return value, Sentence(
        "{title} holds a value of another type, which may be read as a text.", title=column.heading
    )
