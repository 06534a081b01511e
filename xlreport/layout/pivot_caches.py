"""Gather what the native pivots of a workbook list of the Excel tables that they read."""

from dataclasses import dataclass, field
from typing import Final

from xlreport.analysis.results import DataTable
from xlreport.plan_pivots import PivotCache, PivotField
from xlreport.tables import Kind

__all__ = ["Caches", "Listed"]

_NUMBERS: Final = (Kind.INTEGER, Kind.DECIMAL)


@dataclass(slots=True)
class Listed:
    """The columns of one Excel table whose items are listed."""

    data: DataTable
    headers: dict[str, str]
    items: dict[str, dict[str | int, int]] = field(default_factory=dict)
    """Column -> item -> its position."""


@dataclass(slots=True)
class Caches:
    """What the native pivots of a workbook list of each Excel table, gathered while they are laid out."""

    tables: dict[str, Listed] = field(default_factory=dict)

    def listed(self, table: str, data: DataTable, headers: dict[str, str]) -> Listed:
        """Return what is listed of an Excel table, which holds ``data`` under ``headers``."""
        return self.tables.setdefault(table, Listed(data, headers))

    def plans(self) -> tuple[PivotCache, ...]:
        """Return the caches."""
        return tuple(
            PivotCache(table, tuple(_field(listed, at) for at in range(len(listed.headers))))
            for table, listed in self.tables.items()
        )


def _field(listed: Listed, at: int) -> PivotField:
    column = listed.data.columns[at]
    items = listed.items.get(column.name)
    header = listed.headers[column.name]
    if items is not None:
        return PivotField(header, tuple(items))
    extremes = listed.data.data[at].extremes() if column.kind in _NUMBERS else None
    return PivotField(header, None, extremes)
