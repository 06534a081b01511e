"""Tables derived from events: who is new, returning, retained or lapsed, and what happened first."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from xlreport.analysis.built import BuiltTable
from xlreport.analysis.periods import Period
from xlreport.analysis.results import ModelColumn
from xlreport.analysis.sql import DATES, NUMBERS, Sql, column_id, join, period_case, quoted
from xlreport.language import Language, key
from xlreport.spec.records import Cohort, First
from xlreport.tables import Kind

__all__ = ["cohort", "first"]

Built = tuple[Sql, Mapping[str, ModelColumn]]

_STANDING: Final = key(
    "{new}: never seen before. {returning}: not within the lookback, but earlier. "
    "{retained}: within the lookback and now. {lapsed}: within the lookback, not now."
)
_WORDS: Final = ("new", "returning", "retained", "lapsed")


def cohort(
    spec: Cohort, origin: BuiltTable, where: Sql, history: tuple[Period, ...], language: Language
) -> Built:
    """Return the rows and columns of a cohort table: one row per entity and period of the history.

    An entity has no row for a period in which it is neither seen nor lapsed. Events without an entity have
    a row of their own, without a standing, so that the amounts add up.
    """
    words = tuple(language.text(spec.labels[word]) for word in _WORDS)
    status = Sql(
        "CASE WHEN entity IS NULL THEN NULL WHEN rows > 0 AND recent = 0 AND early = 0 THEN ? "
        "WHEN rows > 0 AND recent = 0 THEN ? "
        "WHEN rows > 0 THEN ? WHEN recent > 0 THEN ? END",
        words,
    )
    standings = "SELECT s.*, " + status + " AS status FROM (" + _seen(spec, origin, where, history) + ") s"
    select = (
        f"SELECT entity, period, status, {column_id('firstDate')}, rows, amount, "
        "row_number() OVER (ORDER BY first_day, entity) - 1 AS _row FROM ("
        + standings
        + ") WHERE status IS NOT NULL OR (entity IS NULL AND rows > 0)"
    )
    return select, {column.name: column for column in _cohort_columns(spec, origin, words, language)}


def _seen(spec: Cohort, origin: BuiltTable, where: Sql, history: tuple[Period, ...]) -> Sql:
    """Return, per entity and period, what was seen of it now, within the lookback, and before that."""
    entity, date = origin.field(spec.entity), origin.field(spec.date, DATES)
    amount = origin.field(spec.amount, NUMBERS) if spec.amount else "0"
    events = (
        f"SELECT {entity} AS entity, {date} AS day, {amount} AS amount FROM {quoted(origin.stored)} t WHERE "
        + where
        + f" AND {date} IS NOT NULL"
    )
    periods = join((_span(period, spec.lookback_years) for period in history), ", ")
    return (
        f"SELECT entity, label AS period, first_day, min(day) AS {column_id('firstDate')}, "
        "count(*) FILTER (WHERE day >= first_day) AS rows, "
        "COALESCE(sum(amount) FILTER (WHERE day >= first_day), 0) AS amount, "
        "count(*) FILTER (WHERE day >= back AND day < first_day) AS recent, "
        "count(*) FILTER (WHERE day < back) AS early FROM ("
        + events
        + ") e JOIN (VALUES "
        + periods
        + ") p(label, back, first_day, last_day) ON day <= last_day GROUP BY ALL"
    )


def _span(period: Period, lookback_years: int) -> Sql:
    days = (period.lookback_start(lookback_years), period.start, period.end)
    return Sql("(?, CAST(? AS DATE), CAST(? AS DATE), CAST(? AS DATE))", (period.label, *days))


def _cohort_columns(
    spec: Cohort, origin: BuiltTable, words: tuple[str, ...], language: Language
) -> tuple[ModelColumn, ...]:
    entity = origin.column(spec.entity)
    unit = origin.column(spec.amount).unit if spec.amount else ""
    text = language.text
    meaning = text(_STANDING, **dict(zip(_WORDS, words, strict=True)))
    own = dict(zip((spec.labels[word] for word in _WORDS), words, strict=True))
    first, about_first = language.texts("First contract", "Date of the first contract in the register.")
    rows, about_rows = language.texts("Contracts in the period", "Number of contracts in the period.")
    return (
        replace(entity, name="entity", unit="", order=()),
        ModelColumn("period", text("Period"), Kind.TEXT, "", text("The period that the standing is of.")),
        ModelColumn("status", text("Standing"), Kind.TEXT, "", meaning, words, own),
        ModelColumn("firstDate", first, Kind.DATE, "", about_first),
        ModelColumn("rows", rows, Kind.INTEGER, "", about_rows),
        ModelColumn("amount", text("Value in the period"), Kind.DECIMAL, unit, text("Their value.")),
    )


def first(
    spec: First, origin: BuiltTable, where: Sql, periods: tuple[Period, ...], language: Language
) -> Built:
    """Return the rows and columns of a table of first uses: one row per combination of the fields."""
    fields = [origin.field(name) for name in spec.fields]
    date, key = origin.field(spec.date, DATES), origin.field(spec.key)
    day = column_id("firstDate")
    chosen = ", ".join(
        f"{field} AS {column_id(name)}" for field, name in zip(fields, spec.fields, strict=True)
    )
    grouped = (
        f"SELECT {chosen}, min({date}) AS {day}, "
        f"first({key} ORDER BY {date}, {key}) AS {column_id('firstKey')} "
        f"FROM {quoted(origin.stored)} t WHERE "
        + where
        + f" AND {date} IS NOT NULL GROUP BY {', '.join(fields)}"
    )
    order = ", ".join(column_id(name) for name in spec.fields)
    select = (
        "SELECT f.*, "
        + period_case(day, periods, "label", language)
        + f" AS {column_id('firstPeriod')}, row_number() OVER (ORDER BY {day}, {order}) - 1 AS _row FROM ("
        + grouped
        + ") f"
    )
    columns = [origin.column(name) for name in spec.fields]
    used, about_used = language.texts("First used", "Day of the first use in the register.")
    contract, about_contract = language.texts("First contract", "The contract of that day.")
    used_in, about_period = language.texts("First used in", "The period of the first use.")
    columns += [
        ModelColumn("firstDate", used, Kind.DATE, "", about_used),
        ModelColumn("firstKey", contract, origin.column(spec.key).kind, "", about_contract),
        ModelColumn("firstPeriod", used_in, Kind.TEXT, "", about_period),
    ]
    return select, {column.name: column for column in columns}
