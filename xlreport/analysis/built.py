"""Tables in the engine, and tables on their way there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from xlreport.analysis.periods import Period
from xlreport.analysis.results import ModelColumn
from xlreport.analysis.sql import Scope, Sql, column_id
from xlreport.tables import Kind

__all__ = ["BuiltTable", "Draft", "inheriting"]


@dataclass(frozen=True, slots=True)
class BuiltTable:
    """A table in the engine, and what is known about it."""

    stored: str
    """Its name in the engine."""
    name: str
    title: str
    columns: Mapping[str, ModelColumn]
    key: tuple[str, ...] = ()
    root: str = ""
    """The resource whose records its rows belong to; empty where they belong to none."""

    def scope(self, period: Period | None = None) -> Scope:
        """Return what a condition on this table may speak of."""
        return Scope(self.name, self.columns, period)

    def field(self, name: str, kinds: Collection[Kind] = ()) -> str:
        """Return the SQL for a field; SpecError where there is none such, or it is not of ``kinds``."""
        return self.scope().field(name, kinds)

    def column(self, name: str) -> ModelColumn:
        """Return a column; SpecError with the nearest name where there is none such."""
        self.field(name)
        return self.columns[name]


@dataclass(slots=True)
class Draft:
    """A table on its way: its rows so far as a query, and the columns that the query gives."""

    select: Sql
    table: BuiltTable

    def layer(self, column: ModelColumn, expression: Sql, joins: Sql | None = None) -> None:
        """Add a column, as a query around the one so far."""
        identifier = column_id(column.name)
        kept = f"t.* EXCLUDE ({identifier})" if column.name in self.table.columns else "t.*"
        outer = f"SELECT {kept}, " + expression + f" AS {identifier} FROM ("
        self.select = outer + self.select + ") t" + (" " + joins if joins else Sql(""))
        self.know(column)

    def know(self, *columns: ModelColumn) -> None:
        """Note columns that the query gives."""
        added = {column.name: column for column in columns}
        self.table = replace(self.table, columns={**self.table.columns, **added})


def inheriting(column: ModelColumn, source: ModelColumn | Kind) -> ModelColumn:
    """Return ``column`` with the kind of its source, and with what else of it the column does not say."""
    if isinstance(source, Kind):
        return replace(column, kind=source)
    title = column.title if column.title != column.name or not source.title else source.title
    return replace(
        column,
        title=title,
        kind=source.kind,
        unit=column.unit or source.unit,
        order=source.order,
        words=source.words,
        description=column.description or source.description,
    )
