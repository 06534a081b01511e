"""Build the tables that a report computes with: those of the dataset, joined, converted and classified."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from xlreport.analysis import cohorts
from xlreport.analysis.axes import AxisColumn
from xlreport.analysis.built import BuiltTable, Draft
from xlreport.analysis.compute import add_column
from xlreport.analysis.conversions import Conversions
from xlreport.analysis.engine import Engine
from xlreport.analysis.numbers import with_numbers
from xlreport.analysis.periods import Period
from xlreport.analysis.regions import Regions
from xlreport.analysis.results import ModelColumn, Unmatched
from xlreport.analysis.sql import ALWAYS, Sql, column_id, condition_sql, join, quoted
from xlreport.errors import SpecError, located
from xlreport.language import ENGLISH, Language
from xlreport.spec import records as r
from xlreport.tables import Kind, Table
from xlreport.text import did_you_mean, filled, listing

__all__ = ["Model"]


@dataclass(slots=True)
class Model:
    """The tables of a report, built in the engine in the order of their definition."""

    engine: Engine
    periods: tuple[Period, ...]
    """Consecutive periods that cover the data."""
    history: tuple[Period, ...]
    regions: Regions
    conversions: Conversions
    words: Mapping[str, str] = field(default_factory=dict)
    """What the braces in titles stand for: period, baseCurrency."""
    language: Language = ENGLISH
    dataset: dict[str, BuiltTable] = field(default_factory=dict)
    tables: dict[str, BuiltTable] = field(default_factory=dict)
    unmatched: list[Unmatched] = field(default_factory=list)
    axes: dict[tuple[str, ...], AxisColumn] = field(default_factory=dict)
    """The labels of pivots' fields that were worked out so far: see `axis_column`."""
    _stored: int = 0

    def load(self, tables: dict[str, Table]) -> None:
        """Load the flat tables of the dataset, each taken out of ``tables``, so that none is held twice."""
        for name in list(tables):
            table = tables.pop(name)
            stored = f"data {len(self.dataset)} {name}"
            self.engine.load(stored, table)
            columns = {
                column.name: ModelColumn(column.name, column.title, column.kind, "", column.description)
                for column in table.columns
            }
            root = name.partition("/")[0]
            self.dataset[name] = BuiltTable(stored, name, table.title, columns, table.primary_key, root)

    def build(self, spec: r.TableSpec, summed: Collection[str] = ()) -> None:
        """Build one table of the report; ``summed`` are the fields that are to be numbers, if they can be."""
        draft = self._start(spec)
        draft.table = replace(draft.table, name=spec.name, title=self.filled(spec.title))
        for column in spec.columns:
            add_column(self, draft, column)
        stored = f"report {len(self.tables)} {spec.name}"
        self.engine.create(stored, draft.select)
        self.tables[spec.name] = with_numbers(self.engine, replace(draft.table, stored=stored), summed)

    def table(self, name: str, *, building: str = "") -> BuiltTable:
        """Return a table of the report or else of the dataset; SpecError with the nearest name."""
        if name in self.tables and name != building:
            return self.tables[name]
        if name in self.dataset:
            return self.dataset[name]
        known = sorted({*self.tables, *self.dataset})
        message = (
            f"$.tables.{building}: no table '{name}'; there are {listing(known, most=40) or 'none'}"
            f"{did_you_mean(name, known)}. The report needs a dataset with it."
        )
        raise SpecError(message)

    def filled(self, text: str) -> str:
        """Return ``text`` with {period}, {baseCurrency} and the like filled in."""
        return filled(text, self.words)

    def store(self, columns: Mapping[str, tuple[Kind, Sequence[Any]]]) -> str:
        """Store a table on the side; return its name in the engine."""
        name = self.new_name()
        self.engine.store(name, columns)
        return name

    def new_name(self) -> str:
        """Return a name that no table in the engine has."""
        self._stored += 1
        return f"step {self._stored}"

    def note_unmatched(self, table: str, value: str, rows: int) -> None:
        """Remember a country value that the regions table does not know, once per table."""
        if not any((known.table, known.value) == (table, value) for known in self.unmatched):
            self.unmatched.append(Unmatched(table, value, rows))

    # --- rows ---------------------------------------------------------------------------------------

    def _start(self, spec: r.TableSpec) -> Draft:
        if isinstance(spec.source, r.From):
            return self._rows(spec.source, spec.name)
        if isinstance(spec.source, r.Union):
            return self._union(spec.source, spec.name)
        return self._events(spec.source, spec)

    def _events(self, source: r.Cohort | r.First, spec: r.TableSpec) -> Draft:
        origin = self.table(source.table, building=spec.name)
        with located(f"$.tables.{spec.name}"):
            return self._derived(source, spec, origin)

    def _derived(self, source: r.Cohort | r.First, spec: r.TableSpec, origin: BuiltTable) -> Draft:
        where = condition_sql(source.where, origin.scope())
        if isinstance(source, r.Cohort):
            # one period more than is shown, so that the first one shown has one to be compared with
            periods = (self.history[0].before(), *self.history)
            select, columns = cohorts.cohort(source, origin, where, periods, self.language)
            return Draft(select, BuiltTable("", spec.name, spec.title, columns, ("entity", "period")))
        select, columns = cohorts.first(source, origin, where, self.periods, self.language)
        return Draft(select, BuiltTable("", spec.name, spec.title, columns, source.fields))

    def _rows(self, source: r.From, building: str) -> Draft:
        origin = self.table(source.table, building=building)
        with located(f"$.tables.{building}.where"):
            where = condition_sql(source.where, origin.scope())
        select = Sql(f"SELECT t.* FROM {quoted(origin.stored)} t")
        return Draft(select if where == ALWAYS else select + " WHERE " + where, origin)

    def _union(self, source: r.Union, building: str) -> Draft:
        parts: list[Sql] = []
        columns: dict[str, ModelColumn] = {}
        for number, (rows, specs) in enumerate(source.parts):
            draft = self._rows(rows, building)
            for position, spec in enumerate(specs):
                # The names of a union may be those of its sources, so they are told apart until the end.
                add_column(self, draft, replace(spec, name=f"_{position}"))
                found = draft.table.columns[f"_{position}"]
                known = columns.setdefault(spec.name, replace(found, name=spec.name))
                columns[spec.name] = replace(known, words={**known.words, **found.words})
            names = (
                f"{column_id(f'_{position}')} AS {column_id(spec.name)}"
                for position, spec in enumerate(specs)
            )
            chosen = ", ".join([*names, f"{number} AS _part", "_row"])
            parts.append(f"SELECT {chosen} FROM (" + draft.select + ")")
        select = (
            "SELECT u.* EXCLUDE (_part, _row), row_number() OVER (ORDER BY _part, _row) - 1 AS _row FROM ("
            + join(parts, " UNION ALL ")
            + ") u"
        )
        return Draft(select, BuiltTable("", building, building, columns))
