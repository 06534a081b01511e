"""Tables derived from events: who is new, returning, retained or lapsed, and what happened first."""

from collections.abc import Mapping

from xlreport.analysis.built import BuiltTable
from xlreport.analysis.periods import Period
from xlreport.analysis.results import ModelColumn
from xlreport.analysis.sql import Sql, join, period_case, quoted
from xlreport.spec.records import Cohort, First
from xlreport.tables import Kind

__all__ = ["cohort", "first"]

_STANDING = (
    "{}: never seen before. {}: not within the lookback, but earlier. {}: within the lookback and now. "
    "{}: within the lookback, not now."
)

Built = tuple[Sql, Mapping[str, ModelColumn]]


def cohort(spec: Cohort, origin: BuiltTable, where: Sql, history: tuple[Period, ...]) -> Built:
    """Return the rows and columns of a cohort table: one row per entity and period of the history.

    An entity has no row for a period in which it is neither seen nor lapsed.
    """
    entity, date = (origin.scope().field(name) for name in (spec.entity, spec.date))
    amount = origin.scope().field(spec.amount) if spec.amount else "0"
    events = (
        f"SELECT {entity} AS entity, {date} AS day, {amount} AS amount FROM {quoted(origin.stored)} t WHERE "
        + where
        + f" AND {entity} IS NOT NULL AND {date} IS NOT NULL"
    )
    periods = join(
        (
            Sql(
                "(?, CAST(? AS DATE), CAST(? AS DATE), CAST(? AS DATE))",
                (period.label, period.lookback_start(spec.lookback_years), period.start, period.end),
            )
            for period in history
        ),
        ", ",
    )
    seen = (
        "SELECT entity, label AS period, first_day, min(day) AS firstDate, "
        "count(*) FILTER (WHERE day >= first_day) AS rows, "
        "COALESCE(sum(amount) FILTER (WHERE day >= first_day), 0) AS amount, "
        "count(*) FILTER (WHERE day >= back AND day < first_day) AS recent, "
        "count(*) FILTER (WHERE day < back) AS early FROM ("
        + events
        + ") e JOIN (VALUES "
        + periods
        + ") p(label, back, first_day, last_day) ON day <= last_day GROUP BY ALL"
    )
    words = spec.labels
    status = Sql(
        "CASE WHEN rows > 0 AND recent = 0 AND early = 0 THEN ? WHEN rows > 0 AND recent = 0 THEN ? "
        "WHEN rows > 0 THEN ? WHEN recent > 0 THEN ? END",
        (words["new"], words["returning"], words["retained"], words["lapsed"]),
    )
    select = (
        "SELECT entity, period, status, firstDate, rows, amount, "
        "row_number() OVER (ORDER BY first_day, entity) - 1 AS _row FROM (SELECT s.*, "
        + status
        + " AS status FROM ("
        + seen
        + ") s) WHERE status IS NOT NULL"
    )
    source = origin.column(spec.entity)
    amount_unit = origin.column(spec.amount).unit if spec.amount else ""
    order = (words["new"], words["returning"], words["retained"], words["lapsed"])
    columns = (
        ModelColumn("entity", source.title, source.kind, "", source.description),
        ModelColumn("period", "Period", Kind.TEXT, "", "The period that the standing is of."),
        ModelColumn("status", "Standing", Kind.TEXT, "", _STANDING.format(*order), order),
        ModelColumn(
            "firstDate", "First contract", Kind.DATE, "", "Date of the first contract in the register."
        ),
        ModelColumn(
            "rows", "Contracts in the period", Kind.INTEGER, "", "Number of contracts in the period."
        ),
        ModelColumn("amount", "Value in the period", Kind.DECIMAL, amount_unit, "Their value."),
    )
    return select, {column.name: column for column in columns}


def first(spec: First, origin: BuiltTable, where: Sql, periods: tuple[Period, ...]) -> Built:
    """Return the rows and columns of a table of first uses: one row per combination of the fields."""
    scope = origin.scope()
    fields = [scope.field(name) for name in spec.fields]
    date, key = scope.field(spec.date), scope.field(spec.key)
    chosen = ", ".join(f"{field} AS {quoted(name)}" for field, name in zip(fields, spec.fields, strict=True))
    grouped = (
        f"SELECT {chosen}, min({date}) AS firstDate, first({key} ORDER BY {date}, {key}) AS firstKey "
        f"FROM {quoted(origin.stored)} t WHERE "
        + where
        + f" AND {date} IS NOT NULL GROUP BY {', '.join(fields)}"
    )
    order = ", ".join(quoted(name) for name in spec.fields)
    select = (
        "SELECT f.*, "
        + period_case("firstDate", periods, "label")
        + f" AS firstPeriod, row_number() OVER (ORDER BY firstDate, {order}) - 1 AS _row FROM ("
        + grouped
        + ") f"
    )
    columns = [origin.column(name) for name in spec.fields]
    columns += [
        ModelColumn("firstDate", "First used", Kind.DATE),
        ModelColumn("firstKey", "First contract", origin.column(spec.key).kind),
        ModelColumn("firstPeriod", "First used in", Kind.TEXT),
    ]
    return select, {column.name: column for column in columns}
