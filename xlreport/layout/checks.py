"""Lay out the checks: every reconciliation as live formulas, with both sides and their difference.

The figures on the summary, the totals of the pivots and the rows on the data sheets were computed by
queries of their own. Here they meet: what two places say of the same thing has to be the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from xlreport.analysis.results import DataTable, Number
from xlreport.cells import Range, cell_name
from xlreport.language import Language, excel_literal, excel_text, key
from xlreport.layout.bridge import CLOSING, OPENING, REVALUATION
from xlreport.layout.canvas import FIRST_ROW, Canvas
from xlreport.layout.context import Context
from xlreport.layout.marks import marking_column
from xlreport.layout.pivot_checks import live_totals
from xlreport.layout.places import DataPlace
from xlreport.plan import ConditionalFormat, Formula, SheetPlan
from xlreport.spec.records import Cohort, Compare, From, Measure, Revalued, SheetSpec, Unit, When
from xlreport.styles import Align, Role

__all__ = ["Check", "checks_sheet", "collected"]

_TOLERANCE: Final = "0.005"
"""Half a cent: the differences of exact sums that Excel adds up in binary are smaller."""
_SOURCE_WIDTH: Final = 48
_HOLDS: Final = key("OK")
_FAILS: Final = key("Differs")


@dataclass(frozen=True, slots=True)
class Check:
    """Two ways to the same figure."""

    title: str
    left: Formula
    left_source: str
    right: Formula
    right_source: str
    unit: Unit

    @property
    def difference(self) -> Decimal:
        """Left less right."""
        return _number(self.left) - _number(self.right)

    @property
    def holds(self) -> bool:
        """Whether both sides are the same to half a cent."""
        return abs(self.difference) < Decimal(_TOLERANCE)


def checks_sheet(sheet: SheetSpec, context: Context) -> SheetPlan:
    """Return the sheet of checks, with the verdict on all of them above."""
    checks, language = collected(context), context.language
    holds, fails = language.texts(_HOLDS, _FAILS)
    canvas = context.canvas(sheet)
    canvas.head(language.text("Each line compares two ways to the same figure; both sides are live formulas"))
    canvas.put(Role.HEADER, FIRST_ROW + 2, 1, [language.texts("Check", "One way", "The other way")])
    values = language.texts("One value", "The other value", "Difference")
    canvas.put(Role.HEADER, FIRST_ROW + 2, 4, [values], align=Align.RIGHT)
    canvas.put(Role.HEADER, FIRST_ROW + 2, 7, [language.texts("Result")], indent=1)
    canvas.widen(3, _SOURCE_WIDTH)
    first = FIRST_ROW + 3
    for row, check in enumerate(checks, start=first):
        number_format = context.format("" if check.unit == "money" else check.unit)
        canvas.put(Role.BODY, row, 1, [[check.title, check.left_source]])
        canvas.paragraph(Role.BODY, row, 3, check.right_source, width=_SOURCE_WIDTH)
        left, right = cell_name(row, 4), cell_name(row, 5)
        difference = Formula(f"{left}-{right}", check.difference)
        canvas.put(Role.BODY, row, 4, [[check.left, check.right, difference]], [number_format] * 3)
        verdict = holds if check.holds else fails
        either = f"{excel_literal(holds)},{excel_literal(fails)}"
        test = f"IF(ABS({cell_name(row, 6)})<{_TOLERANCE},{either})"
        canvas.put(Role.GOOD if check.holds else Role.BAD, row, 7, [[Formula(test, verdict)]], indent=1)
    _overall(canvas, checks, first, language)
    canvas.widen(6, max(canvas.widths[column] for column in (4, 5)))  # a difference may be as large as they
    unknown = _unknown(context)
    if unknown:
        note = language.text(
            "Not compared, because there is no figure (see Definitions): {figures}.",
            figures=language.listing(unknown),
        )
        canvas.put(Role.NOTE, first + len(checks) + 1, 1, [[note]], measured=False)
    if checks:
        results = Range.at(first, 7, len(checks))
        rule = f"{cell_name(first, 7)}={excel_literal(fails)}"
        canvas.conditional.append(ConditionalFormat(results, "formula", context.theme.bad, rule))
    canvas.freeze = (first, 2)
    canvas.repeat_rows = (first - 1, first - 1)
    return canvas.plan()


def _unknown(context: Context) -> list[str]:
    """Return the titles of the amounts on the summary that could not be computed, for want of a rate."""
    figures = (context.analysis.figures[name] for name in context.places.figures)
    missing = (figure for figure in figures if figure.current is None)
    return [figure.measure.title for figure in missing if isinstance(figure.measure, Measure | Revalued)]


def _overall(canvas: Canvas, checks: list[Check], first: int, language: Language) -> None:
    failed = sum(not check.holds for check in checks)
    if not checks:
        note = language.text("Nothing to compare: the data has no rows.")
        canvas.put(Role.NOTE, FIRST_ROW, 1, [[note]], measured=False)
        return
    hold, differ = language.texts("All {n} checks hold", "{failed} of {n} checks differ")
    text = (differ if failed else hold).format(n=len(checks), failed=failed)
    results = Range.at(first, 7, len(checks))
    count, rows = f"COUNTIF({results},{excel_literal(language.text(_FAILS))})", f"ROWS({results})"
    all_hold, some_differ = (excel_text(each, n=rows, failed=count) for each in (hold, differ))
    formula = Formula(f"IF({count}=0,{all_hold},{some_differ})", text)
    canvas.put(Role.GOOD if not failed else Role.BAD, FIRST_ROW, 1, [[formula]], measured=False)


def _number(formula: Formula) -> Decimal:
    return Decimal(str(formula.value or 0))


# --- which checks there are -------------------------------------------------------------------------


def collected(context: Context) -> list[Check]:
    """Return every reconciliation that the workbook's sheets allow."""
    return [
        *_figures_against_data(context),
        *_figures_against_pivots(context),
        *_figures_against_rows(context),
        *_cohorts(context),
        *_bridges(context),
        *_live_pivots(context),
        *_rows(context),
    ]


def _figures_against_data(context: Context) -> Iterator[Check]:
    for name, spot in context.places.figures.items():
        figure = context.analysis.figures[name]
        for sheet, place in context.places.data.items():
            recomputed = _from_data(context, name, sheet, place)
            if recomputed and figure.current is not None:
                yield Check(
                    figure.measure.title,
                    Formula(spot.target, figure.current),
                    context.row_of(spot),
                    Formula(recomputed, figure.current),
                    context.language.text("Rows of {sheet}", sheet=sheet),
                    figure.measure.unit,
                )


def _from_data(context: Context, name: str, sheet: str, place: DataPlace) -> str:
    """Return the formula that computes a measure from a data sheet, or an empty string."""
    measure = context.analysis.spec.measure(name)
    if not isinstance(measure, Measure) or not place.tables:
        return ""
    data = context.analysis.data[sheet]
    spec = next(spec for spec in context.analysis.spec.sheets if spec.name == sheet)
    mark = marking_column(context.analysis, measure, spec, data)
    unconditional = measure.table == spec.table and measure.where is None and measure.when.kind == "always"
    if mark is None and not unconditional:
        return ""
    marked = excel_literal(context.language.text("Yes"))
    return _formula(measure, place, data, mark, marked, keyed=_is_keyed(measure, spec))


def _is_keyed(measure: Measure, spec: SheetSpec) -> bool:
    return any(mark.key and mark.measure == measure.name for mark in spec.marks)


def _formula(
    measure: Measure, place: DataPlace, data: DataTable, mark: int | None, marked: str, *, keyed: bool
) -> str:
    names = [column.name for column in data.columns]
    count = keyed or measure.aggregate == "count"
    if not count and (measure.aggregate not in ("sum", "mean") or measure.field not in names):
        return ""
    if measure.aggregate == "mean" and len(place.tables) > 1:
        return ""
    parts = []
    for part in range(len(place.tables)):
        values = "" if count else place.cells(measure.field, part)
        flags = "" if mark is None else f"{place.cells(names[mark], part)},{marked}"
        parts.append(
            _part(measure.aggregate, count=count, values=values, flags=flags, place=place, part=part)
        )
    return "+".join(parts)


def _part(aggregate: str, *, count: bool, values: str, flags: str, place: DataPlace, part: int) -> str:
    if count:
        return f"COUNTIFS({flags})" if flags else place.count(part)
    if aggregate == "mean":
        return f"AVERAGEIFS({values},{flags})" if flags else f"AVERAGE({values})"
    return f"SUMIFS({values},{flags})" if flags else f"SUM({values})"


def _figures_against_pivots(context: Context) -> Iterator[Check]:
    for (pivot, measure), spot in context.places.totals.items():
        figure = context.analysis.figures[measure]
        table = context.analysis.pivots[pivot]
        total = context.places.figures.get(measure)
        if table.pivot.where is None and total and figure.current is not None:
            yield Check(
                figure.measure.title,
                Formula(total.target, figure.current),
                context.row_of(total),
                Formula(
                    spot.target,
                    _total(table.total.values if table.total else (), spot.range, len(table.pivot.rows)),
                ),
                context.language.text(
                    "Total of {pivot} ({sheet})", pivot=table.pivot.title, sheet=spot.sheet
                ),
                figure.measure.unit,
            )


def _figures_against_rows(context: Context) -> Iterator[Check]:
    """Yield, per figure that leads to its rows, that they come to it."""
    for name, proof in context.places.proofs.items():
        figure, spot = context.analysis.figures[name], context.places.figures.get(name)
        if spot and figure.current is not None:
            yield Check(
                figure.measure.title,
                Formula(spot.target, figure.current),
                context.row_of(spot),
                Formula(proof.spot.target, proof.value),
                context.row_of(proof.spot),
                figure.measure.unit,
            )


def _total(values: tuple[Number, ...], cells: Range, row_fields: int) -> Number:
    return values[cells.first_column - row_fields - 1] if values else None


def _live_pivots(context: Context) -> Iterator[Check]:
    language = context.language
    for each in live_totals(context):
        table, source = each.grid.table, each.grid.table.source
        pivot = context.filled(table.pivot.title)
        again = language.text("Lines of {pivot} ({sheet})", pivot=pivot, sheet=each.sheet)
        if each.of_rows and source:
            again = language.text("Rows of {sheet}", sheet=source.sheet)
        yield Check(
            table.titles[each.value],
            each.total,
            language.text("Total of {pivot} ({sheet})", pivot=pivot, sheet=each.sheet),
            each.again,
            again,
            table.units[each.value],
        )


def _cohorts(context: Context) -> Iterator[Check]:
    """Yield, per cohort, that new, returning and retained add up to all that it was made from."""
    spec, places = context.analysis.spec, context.places.figures
    shown = [measure for measure in spec.measures if isinstance(measure, Measure) and measure.name in places]
    for table in spec.tables:
        cohort = table.source
        if not isinstance(cohort, Cohort):
            continue
        standings = [
            Compare("status", "is", cohort.labels[word]) for word in ("new", "returning", "retained")
        ]
        parts = [
            measure
            for standing in standings
            for measure in shown
            if (measure.table, measure.aggregate, measure.where) == (table.name, "count", standing)
        ]
        everyone = When("in", (cohort.date,))
        whole = next(
            (
                measure
                for measure in shown
                if (measure.table, measure.aggregate, measure.field, measure.where, measure.when)
                == (cohort.table, "distinct", cohort.entity, cohort.where, everyone)
            ),
            None,
        )
        if whole and len(parts) == len(standings):
            yield _sum_check(context, parts, whole)


def _sum_check(context: Context, parts: list[Measure], whole: Measure) -> Check:
    figures, places = context.analysis.figures, context.places.figures
    total = sum(figures[part.name].current or 0 for part in parts)
    spot = places[whole.name]
    rows = context.language.listing(places[part.name].range.first_row for part in parts)
    return Check(
        " + ".join(part.title for part in parts),
        Formula("+".join(places[part.name].target for part in parts), total),
        context.language.text("{sheet}, rows {rows}", sheet=spot.sheet, rows=rows),
        Formula(spot.target, figures[whole.name].current or 0),
        context.row_of(spot),
        "count",
    )


def _bridges(context: Context) -> Iterator[Check]:
    for name, lines in context.places.bridges.items():
        table = context.analysis.bridges[name]
        figure = context.analysis.figures[table.bridge.balance]
        spot = context.places.figures.get(table.bridge.balance)
        if figure.current is None or table.opening[-1] is None or table.revaluation[-1] is None:
            continue
        steps = [OPENING, *table.movements, REVALUATION]
        amounts = [table.opening[-1], *(amount[-1] for amount in table.amounts), table.revaluation[-1]]
        total = sum((Decimal(amount or 0) for amount in amounts), Decimal(0))
        cells = "+".join(lines[step].target for step in steps)
        if spot:
            yield Check(
                context.language.text("{bridge}: the bridge adds up", bridge=table.bridge.title),
                Formula(cells, total),
                context.language.text("Lines of {sheet}", sheet=lines[CLOSING].sheet),
                Formula(spot.target, figure.current),
                context.row_of(spot),
                "money",
            )


def _rows(context: Context) -> Iterator[Check]:
    """Yield, per data sheet, that it holds what was read less what was set aside."""
    spec, language = context.analysis.spec, context.language
    sources = {table.name: table.source for table in spec.tables}
    for sheet in spec.sheets:
        place, source = context.places.data.get(sheet.name), sources.get(sheet.table)
        if place is None or not place.tables or not isinstance(source, From) or source.where is not None:
            continue
        spots = context.places.quality.get(source.table)
        if spots:
            quality = context.analysis.quality
            used = quality.read[source.table] - quality.set_aside.get(source.table, 0)
            yield Check(
                language.text("Records of {sheet}", sheet=sheet.name),
                Formula(f"{spots[0].target}-{spots[1].target}", used),
                language.text("Read less set aside ({sheet})", sheet=spots[0].sheet),
                Formula(
                    "+".join(place.count(part) for part in range(len(place.tables))),
                    place.rows,
                ),
                language.text("Rows of {sheet}", sheet=sheet.name),
                "count",
            )
