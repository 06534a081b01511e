"""Turn a report definition into the names of the columns that it can ask for, so that no others are kept."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from xlreport.spec.report import ReportSpec

__all__ = ["wanted_columns"]


def wanted_columns(spec: ReportSpec) -> frozenset[str] | None:
    """Return names that hold those of all columns that the report reads; None where it may read any.

    They are simply all texts of the definition: a column that none of them names cannot be asked for, and
    a title that happens to be a column's name does no harm.
    """
    takes_all = any(
        sheet.kind == "register" or (sheet.kind == "data" and not sheet.columns) for sheet in spec.sheets
    )
    if takes_all or not spec.date:  # without a date of its own, the latest day anywhere dates the workbook
        return None
    return frozenset((*_texts(spec), spec.date.rpartition("/")[2]))


def _texts(node: object) -> Iterator[str]:
    """Yield every text of a record and of the records in it."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, tuple):
        for value in node:
            yield from _texts(value)
    elif is_dataclass(node):
        for part in fields(node):
            yield from _texts(getattr(node, part.name))
