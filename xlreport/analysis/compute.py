"""Add computed columns to a table on its way: one function per kind of computation, in one table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from xlreport.analysis.built import BuiltTable, Draft, inheriting
from xlreport.analysis.converting import convert
from xlreport.analysis.regions import Country
from xlreport.analysis.results import ModelColumn
from xlreport.analysis.spoken import spoken_words
from xlreport.analysis.sql import DATES, NUMBERS, Sql, column_id, condition_sql, kind_of, period_case, quoted
from xlreport.errors import SpecError, located
from xlreport.fields import in_words
from xlreport.language import Language, key
from xlreport.spec import records as r
from xlreport.tables import Kind
from xlreport.text import listing

if TYPE_CHECKING:  # the model adds columns with this module
    from xlreport.analysis.model import Model

__all__ = ["NOT_MATCHED", "add_column"]

NOT_MATCHED: Final = key("Not matched")
"""Region of a country value that the regions table does not know."""


def add_column(model: "Model", draft: Draft, spec: r.ColumnSpec) -> None:
    """Add one column; SpecError, with the path in the definition, where a field or table is not there."""
    column = ModelColumn(spec.name, model.filled(spec.title), Kind.TEXT, spec.unit, spec.description)
    with located(f"$.tables.{draft.table.name}.columns.{spec.name}"):
        _COMPUTATIONS[type(spec.compute)](model, draft, column, spec.compute)


# --- from the row itself ----------------------------------------------------------------------------


def _copy(_model: "Model", draft: Draft, column: ModelColumn, compute: r.Copy) -> None:
    source, value = draft.table.column(compute.field), Sql(draft.table.field(compute.field))
    if compute.where is not None:
        where = condition_sql(compute.where, draft.table.scope())
        value = "CASE WHEN " + where + " THEN " + value + " END"
    draft.layer(inheriting(column, source), value)


def _constant(model: "Model", draft: Draft, column: ModelColumn, compute: r.Constant) -> None:
    column = replace(column, words=spoken_words([compute.value], model.language))
    value = column.words.get(str(compute.value), compute.value)
    draft.layer(inheriting(column, kind_of(compute.value)), Sql("?", (value,)))


def _period(model: "Model", draft: Draft, column: ModelColumn, compute: r.PeriodOf) -> None:
    kind = Kind.TEXT if compute.take == "label" else Kind.DATE
    date = draft.table.field(compute.of, DATES)
    draft.layer(inheriting(column, kind), period_case(date, model.periods, compute.take, model.language))


def _year(_model: "Model", draft: Draft, column: ModelColumn, compute: r.YearOf) -> None:
    # A year is a label, not a quantity: as text nobody adds it up or writes it as 2,017.
    draft.layer(column, Sql(f"CAST(year({draft.table.field(compute.of, DATES)}) AS VARCHAR)"))


def _coalesce(_model: "Model", draft: Draft, column: ModelColumn, compute: r.Coalesce) -> None:
    first = draft.table.column(compute.fields[0])
    kinds = NUMBERS if first.kind in NUMBERS else (first.kind,)
    fields = ", ".join(draft.table.field(name, kinds) for name in compute.fields)
    words = {word: own for name in compute.fields for word, own in draft.table.columns[name].words.items()}
    draft.layer(replace(inheriting(column, first), words=words), Sql(f"COALESCE({fields})"))


def _flag(model: "Model", draft: Draft, column: ModelColumn, compute: r.Flag) -> None:
    where = condition_sql(compute.where, draft.table.scope())
    column = replace(column, words=spoken_words((compute.then, compute.otherwise), model.language))
    said = tuple(column.words.get(str(value), value) for value in (compute.then, compute.otherwise))
    value = "CASE WHEN " + where + Sql(" THEN ? ELSE ? END", said)
    draft.layer(inheriting(column, kind_of(compute.then)), value)


def _add(_model: "Model", draft: Draft, column: ModelColumn, compute: r.Add) -> None:
    plus = " + ".join(f"COALESCE({draft.table.field(name, NUMBERS)}, 0)" for name in compute.plus) or "0"
    minus = "".join(f" - COALESCE({draft.table.field(name, NUMBERS)}, 0)" for name in compute.minus)
    draft.layer(inheriting(column, Kind.DECIMAL), Sql(plus + minus))


# --- from other tables ------------------------------------------------------------------------------


def _lookup(model: "Model", draft: Draft, column: ModelColumn, compute: r.Lookup) -> None:
    target = model.table(compute.table, building=draft.table.name)
    by = compute.by or target.key
    if len(by) != len(compute.keys):
        known = listing(by) or "not declared"
        message = f"the key of '{compute.table}' is {known}; name as many fields, or give by."
        raise SpecError(message)
    taken = target.column(compute.take)
    described = model.language.text(
        "{column} of the row of {table} that {fields} names.",
        column=taken.title,
        table=target.title,
        fields=model.language.listing(compute.keys),
    )
    column = replace(column, description=column.description or described)
    keys = ", ".join(target.field(name) for name in by)
    # One row per key, so that a join can never multiply the rows that it is joined to.
    found = (
        f"SELECT {keys}, first({target.field(compute.take)} ORDER BY t._row) AS _taken "
        f"FROM {quoted(target.stored)} t GROUP BY {keys}"
    )
    match = " AND ".join(
        f"{draft.table.field(key)} = j.{column_id(name)}" for key, name in zip(compute.keys, by, strict=True)
    )
    draft.layer(inheriting(column, taken), Sql("j._taken"), Sql(f"LEFT JOIN ({found}) j ON {match}"))


def _child(model: "Model", draft: Draft, column: ModelColumn, compute: r.Child) -> None:
    child = model.table(compute.table, building=draft.table.name)
    if not child.root or child.root != draft.table.root:
        message = (
            f"'{compute.table}' is no child of '{draft.table.name}': their rows come from different records."
        )
        raise SpecError(message)
    aggregate, source = _child_aggregate(compute, child)
    found = (
        f"SELECT t._record, {aggregate} AS _taken FROM {quoted(child.stored)} t WHERE "
        + condition_sql(compute.where, child.scope())
        + " GROUP BY t._record"
    )
    joins = "LEFT JOIN (" + found + ") j ON t._record = j._record"
    draft.layer(inheriting(column, source), Sql("j._taken"), joins)


def _child_aggregate(compute: r.Child, child: BuiltTable) -> tuple[str, ModelColumn | Kind]:
    if compute.pick == "count":
        return "count(*)", Kind.INTEGER
    taken, field = child.column(compute.take), child.field(compute.take)
    if compute.pick not in ("first", "last"):
        child.field(compute.take, NUMBERS if compute.pick == "sum" else ())
        return f"{compute.pick}({field})", taken
    order = child.field(compute.order_by)
    direction = "" if compute.pick == "first" else " DESC"
    ordered = f"{order}{direction}, t._row{direction}"
    return f"first({field} ORDER BY {ordered}) FILTER (WHERE {field} IS NOT NULL)", taken


# --- by replacing texts -----------------------------------------------------------------------------


def _region(model: "Model", draft: Draft, column: ModelColumn, compute: r.Region) -> None:
    described = model.language.text(_DESCRIBED[compute.take])
    counted = _counted(model, draft, compute.of)
    values: list[str | None] = []
    words: dict[str, str] = {}
    for value, rows in counted:
        country = model.regions.find(value)
        if country is None:
            model.note_unmatched(draft.table.name, value, rows)
            values.append(value if compute.take in ("code", "name") else model.language.text(NOT_MATCHED))
        else:
            taken = getattr(country, compute.take)
            words[taken] = _in_language(model.language, country, compute.take)
            values.append(words[taken] or None)  # a body of no country has no code
    if compute.take not in ("code", "name"):
        words[NOT_MATCHED] = model.language.text(NOT_MATCHED)
    column = replace(column, description=column.description or described, words=words)
    _replace(model, draft, column, compute.of, ([value for value, _ in counted], values))


_DESCRIBED: Final = {
    "code": key("Code of the country, from the regions table."),
    "name": key("Name of the country, from the regions table."),
    "region": key("Region of the country, from the regions table."),
    "subregion": key("Subregion of the country, from the regions table."),
    "grouping": key("Grouping of the country, from the regions table."),
}


def _in_language(language: Language, country: Country, take: str) -> str:
    """Return something about a country, as the language of the report has it."""
    if take == "name":
        return language.forms.country(country.code, language.text(country.name))
    taken: str = getattr(country, take)
    return taken if take == "code" else language.text(taken)


def _words(model: "Model", draft: Draft, column: ModelColumn, compute: r.Words) -> None:
    described = draft.table.column(compute.of).description
    codes = [value for value, _ in _counted(model, draft, compute.of)]
    words = spoken_words(map(in_words, codes), model.language)
    column = replace(column, description=column.description or described, words=words)
    _replace(model, draft, column, compute.of, (codes, [words[in_words(code)] for code in codes]))


def _counted(model: "Model", draft: Draft, name: str) -> list[tuple[str, int]]:
    """Return the distinct texts of a field, each with the number of its rows."""
    field = draft.table.field(name, (Kind.TEXT,))
    select = f"SELECT {field}, count(*) FROM (" + draft.select
    return model.engine.rows(select + f") t WHERE {field} IS NOT NULL GROUP BY 1 ORDER BY 1")


def _replace(
    model: "Model",
    draft: Draft,
    column: ModelColumn,
    name: str,
    texts: tuple[Sequence[str], Sequence[str | None]],
) -> None:
    """Add a column that has another text for each text of a field: the old ones and the new, in step."""
    stored = model.store({"_of": (Kind.TEXT, texts[0]), "_taken": (Kind.TEXT, texts[1])})
    joins = Sql(f"LEFT JOIN {quoted(stored)} j ON {draft.table.field(name)} = j._of")
    draft.layer(column, Sql("j._taken"), joins)


# --- by converting money ----------------------------------------------------------------------------


def _convert(model: "Model", draft: Draft, column: ModelColumn, compute: r.Convert) -> None:
    hidden = {
        part: f"_{part} {compute.amount} {compute.currency} {compute.on} {compute.at}"
        for part in ("amount", "rate", "rateDate")
    }
    if hidden["amount"] not in draft.table.columns:
        convert(model, draft, compute, hidden)
    taken = hidden[compute.take]
    draft.layer(inheriting(column, draft.table.columns[taken]), Sql(f"t.{column_id(taken)}"))


_COMPUTATIONS: Final[Mapping[type, Callable[["Model", Draft, ModelColumn, Any], None]]] = {
    r.Copy: _copy,
    r.Constant: _constant,
    r.PeriodOf: _period,
    r.YearOf: _year,
    r.Coalesce: _coalesce,
    r.Flag: _flag,
    r.Add: _add,
    r.Lookup: _lookup,
    r.Child: _child,
    r.Region: _region,
    r.Words: _words,
    r.Convert: _convert,
}
