"""Turn flat tables into an Analysis: the figures, pivots, bridges and data of one report."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from xlreport.analysis.bridges import bridge_table
from xlreport.analysis.conversions import Conversions
from xlreport.analysis.details import data_table
from xlreport.analysis.engine import Engine
from xlreport.analysis.live import enlivened
from xlreport.analysis.measures import Evaluator
from xlreport.analysis.model import Model
from xlreport.analysis.numbers import summed_fields
from xlreport.analysis.periods import Period, covering, parse_period
from xlreport.analysis.pivots import pivot_table
from xlreport.analysis.rates import RateTable
from xlreport.analysis.regions import Regions
from xlreport.analysis.register import expanded
from xlreport.analysis.results import Analysis, Figure, Quality
from xlreport.analysis.spoken import spoken_tables
from xlreport.arrays import earliest, latest
from xlreport.errors import SpecError
from xlreport.language import ENGLISH, Language, key
from xlreport.spec.in_language import in_language
from xlreport.spec.records import ReportSpec
from xlreport.tables import Kind, Table
from xlreport.text import did_you_mean, listing

__all__ = ["Inputs", "analyse"]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What an analysis works on, beside the report definition."""

    tables: dict[str, Table]
    """The tables of the dataset, without the records that were set aside; the analysis empties the dict."""
    regions: Regions
    rates: RateTable | None = None
    quality: Quality = field(default_factory=lambda: Quality({}, {}))
    sources: tuple[tuple[str, str], ...] = ()
    title: str = ""
    """What the dataset is called."""
    notes: tuple[str, ...] = ()
    language: Language = ENGLISH


def analyse(spec: ReportSpec, inputs: Inputs, going: Callable[[str], None] = lambda _step: None) -> Analysis:
    """Compute everything that the report's sheets show.

    ``going`` is called with what is being computed.

    SpecError where the definition names a table or field that the data does not have; the sentence
    names the path in the definition and the nearest name.
    """
    language = inputs.language
    spoken_tables(inputs.tables, language)
    spec = expanded(in_language(spec, language), inputs.tables, language)
    dates = _dates(spec, inputs.tables)
    period, history, periods = _periods(spec, dates, language)
    engine = Engine()
    try:
        conversions = Conversions(inputs.rates, spec.parameters, period, periods, language=language)
        words = _words(spec, period, inputs.title)
        model = Model(engine, periods, history, inputs.regions, conversions, words, language)
        going("loading")
        model.load(inputs.tables)
        for table in spec.tables:
            going(f"table {table.name}")
            model.build(table, summed_fields(spec, table.name))
        going("figures and pivots")
        return _computed(spec, inputs, Evaluator(model, spec), period, dates)
    finally:
        engine.close()


def _computed(
    spec: ReportSpec, inputs: Inputs, evaluator: Evaluator, period: Period, dates: list[dt.date]
) -> Analysis:
    model = evaluator.model
    figures = evaluator.figures(spec.measures, model.history)
    wanted = {
        name for sheet in spec.sheets for name in (*sheet.pivots, *(chart.pivot for chart in sheet.charts))
    }
    wanted |= {pivot.name for pivot in spec.pivots if _stated(spec, pivot.name)}
    pivots = {
        pivot.name: pivot_table(evaluator, pivot, model.history)
        for pivot in spec.pivots
        if pivot.name in wanted
    }
    pivots, extras = enlivened(evaluator, pivots, model.history)
    data = {
        sheet.name: data_table(evaluator, sheet, period, extras.get(sheet.name, ()))
        for sheet in spec.sheets
        if sheet.kind == "data"
    }
    quality = replace(
        inputs.quality,
        unconverted=tuple(model.conversions.unconverted),
        unmatched=tuple(model.unmatched),
        converted_rows=model.conversions.converted_rows,
    )
    return Analysis(
        spec=spec,
        period=period,
        history=model.history,
        figures={measure.name: Figure(measure, figures[measure.name]) for measure in spec.measures},
        pivots=pivots,
        bridges={bridge.name: bridge_table(evaluator, bridge, model.history) for bridge in spec.bridges},
        data=data,
        quality=quality,
        register_start=min(dates, default=None),
        sources=inputs.sources,
        rates_note=_rates_note(inputs.rates, inputs.language),
        language=inputs.language,
        words=evaluator.model.words,
        title=inputs.title,
        notes=inputs.notes,
    )


def _stated(spec: ReportSpec, pivot: str) -> bool:
    """Tell whether some sentence of a statement names the rows of a pivot."""
    return any(f":{pivot}}}" in statement.text for sheet in spec.sheets for statement in sheet.statements)


def _words(spec: ReportSpec, period: Period, dataset: str) -> Mapping[str, str]:
    parameters = spec.parameters
    return {
        "period": period.label,
        "baseCurrency": parameters.base_currency,
        "organisation": parameters.organisation,
        "lookbackYears": str(parameters.lookback_years),
        "dataset": dataset,
    }


def _dates(spec: ReportSpec, tables: Mapping[str, Table]) -> list[dt.date]:
    """Return the first and the last of the dates that the report's periods go by."""
    if not spec.date:
        return []
    table, _, name = spec.date.rpartition("/")
    if table not in tables:
        known = f"it has {listing(tables) or 'none'}{did_you_mean(table, tables)}"
        message = f"$.date: no table '{table}' in the data; {known}"
        raise SpecError(message)
    if name not in tables[table]:
        names = tables[table].names
        known = f"it has {listing(names, most=40)}{did_you_mean(name, names)}"
        message = f"$.date: no field '{name}' in '{table}'; {known}"
        raise SpecError(message)
    if tables[table].column(name).kind is not Kind.DATE:
        message = f"$.date: the field '{name}' of '{table}' is no date."
        raise SpecError(message)
    column = tables[table].data[name]
    return [day for day in (earliest(column), latest(column)) if day is not None]


def _periods(
    spec: ReportSpec, dates: list[dt.date], language: Language
) -> tuple[Period, tuple[Period, ...], tuple[Period, ...]]:
    """Return the report's period, its history, and periods that cover the dates."""
    if not spec.date:
        everything = Period(dt.date(1, 1, 1), dt.date(9999, 12, 31))
        return everything, (everything,), (everything,)
    period = parse_period(spec.parameters.period, max(dates, default=None))
    period = replace(period, span=language.text(period.span))
    return period, period.history(spec.parameters.history), covering(period, dates)


def _rates_note(rates: RateTable | None, language: Language) -> str:
    if rates is None:
        return language.text("No rates table was given; only amounts in the base currency are counted.")
    sentence = key("Exchange rates from {source} (SHA-256 {hash}).")
    return language.text(sentence, source=rates.source, hash=rates.sha256)
