"""Turn changes into the steps of a waterfall, and the steps into stacked columns, also across zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from xlreport.cells import Range, cell_name
from xlreport.layout.chart_data import NO_FIGURES, Cell, Point, from_to, total
from xlreport.layout.chart_pivots import PivotReader, adds_up, reader_of
from xlreport.layout.context import Context
from xlreport.layout.pivot_native import value_format
from xlreport.spec.records import ChartSpec, Unit

__all__ = [
    "Bar",
    "Step",
    "Steps",
    "bars",
    "history_steps",
    "pivot_steps",
    "step_formulas",
]

_EXACT: Final = Decimal("1e-20")
"""What is left over below this part of a step comes from figures of more digits than are reckoned with."""


@dataclass(frozen=True, slots=True)
class Step:
    """One column of a waterfall: a total that stands on zero, or a change from the level before."""

    name: str
    point: Point
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Steps:
    """A whole waterfall, and where its figures come from."""

    sheet: str
    unit: Unit
    number_format: str
    steps: tuple[Step, ...]
    when: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """What stands in one column: an invisible base, and the visible parts above and below zero."""

    level: Decimal
    base: Decimal
    total: Decimal
    up: Decimal
    down: Decimal
    up_below: Decimal
    down_below: Decimal

    @property
    def crosses(self) -> bool:
        """Whether the step goes across zero, so that it has a part on either side."""
        return bool((self.up and self.up_below) or (self.down and self.down_below))


# --- steps ------------------------------------------------------------------------------------------


def pivot_steps(spec: ChartSpec, context: Context) -> Steps | str:
    """Return the steps from a pivot, or why there is no waterfall.

    A pivot with a column per period leads from the period before to the current one; a field with changes
    likewise, where the pivot also has their measure itself. Other fields build their total up from zero.
    """
    reader, value = reader_of(spec.pivot, context), spec.value - 1
    if isinstance(reader, str):
        return reader
    table = reader.table
    if not adds_up(context, table, value):
        title = table.titles[value]
        return context.language.text("{title} is no sum, so its steps would not add up", title=title)
    if table.pivot.by_period and table.pivot.values[value].show == "value":
        return _between_periods(spec, context, reader)
    if table.pivot.values[value].show == "change":
        return _of_changes(spec, context, reader)
    return _of_parts(spec, context, reader)


def _between_periods(spec: ChartSpec, context: Context, reader: PivotReader) -> Steps | str:
    if len(reader.moments()) == 1:
        return context.language.text("there is no period before to compare with")
    before, now = reader.moments()[-2:]
    value = spec.value - 1
    points = {row: (reader.point(row, before, value), reader.point(row, now, value)) for row in reader.rows()}
    steps = [Step(reader.label(row), _difference(new, old)) for row, (old, new) in points.items()]
    below = reader.total_row()
    old, new = (
        (total(pair[0] for pair in points.values()), total(pair[1] for pair in points.values()))
        if below is None
        else (reader.point(below, before, value), reader.point(below, now, value))
    )
    opening = Step(reader.item_label(before), old, is_total=True)
    closing = Step(reader.item_label(now), new, is_total=True)
    return _made(
        spec, context, reader, [opening, *steps, closing], from_to(context, [opening.name, closing.name])
    )


def _of_changes(spec: ChartSpec, context: Context, reader: PivotReader) -> Steps | str:
    value, item = spec.value - 1, reader.whole()
    fields = reader.table.pivot.values
    steps = [Step(reader.label(row), reader.point(row, item, value)) for row in reader.rows()]
    below = reader.total_row()
    itself = next(
        (
            at
            for at, field in enumerate(fields)
            if field.measure == fields[value].measure and field.show == "value"
        ),
        None,
    )
    period = context.analysis.period
    before = period.before().label
    when = from_to(context, [before, period.label])
    change = total(step.point for step in steps) if below is None else reader.point(below, item, value)
    if itself is None or below is None:
        whole = Step(context.language.text("Change"), change, is_total=True)
        return _made(spec, context, reader, [*steps, whole], when)
    now = reader.point(below, item, itself)
    opening = Step(before, _difference(now, change), is_total=True)
    closing = Step(period.label, now, is_total=True)
    rest = context.language.text("New or gone")
    return _made(spec, context, reader, [opening, *steps, closing], when, rest)


def _of_parts(spec: ChartSpec, context: Context, reader: PivotReader) -> Steps | str:
    value, item = spec.value - 1, reader.whole()
    steps = [Step(reader.label(row), reader.point(row, item, value)) for row in reader.rows()]
    below = reader.total_row()
    whole = total(step.point for step in steps) if below is None else reader.point(below, item, value)
    when = context.analysis.period.label if context.analysis.spec.date else ""
    return _made(
        spec, context, reader, [*steps, Step(context.language.text("Total"), whole, is_total=True)], when
    )


def _made(
    spec: ChartSpec,
    context: Context,
    reader: PivotReader,
    steps: Sequence[Step],
    when: str,
    rest: str = "",
) -> Steps | str:
    value = spec.value - 1
    unit = reader.table.units[value]
    written = value_format(context, reader.grid, value).removeprefix("+")
    return _checked(spec, context, Steps(reader.sheet, unit, written, tuple(steps), when), rest)


def history_steps(
    spec: ChartSpec, context: Context, sheet: str, measures: Sequence[tuple[str, Range]]
) -> Steps | str:
    """Return the steps of one measure from period to period, or of several from the last period to this."""
    if not measures:
        return context.language.text("none of its measures is on this sheet")
    figures = [context.analysis.figures[name] for name, _ in measures]
    labels = [period.label for period in context.analysis.history]
    if len(labels) == 1:
        return context.language.text("there is no period before to compare with")
    unit = figures[0].measure.unit
    points = [
        [Point(number, (cell,)) for number, cell in zip(figure.values, _cells_of(cells), strict=True)]
        for figure, (_, cells) in zip(figures, measures, strict=True)
    ]
    if len(points) == 1:
        moments = points[0]
        steps = [
            Step(label, _difference(new, old))
            for label, old, new in zip(labels[1:], moments, moments[1:], strict=False)
        ]
        first, last = (context.language.text("{period} total", period=labels[at]) for at in (0, -1))
        ends = (first, moments[0]), (last, moments[-1])
    else:
        steps = [
            Step(figure.measure.title, _difference(line[-1], line[-2]))
            for figure, line in zip(figures, points, strict=True)
        ]
        old, new = total(line[-2] for line in points), total(line[-1] for line in points)
        ends = (labels[-2], old), (labels[-1], new)
    (first, opening), (last, closing) = ends
    whole = (Step(first, opening, is_total=True), *steps, Step(last, closing, is_total=True))
    when = from_to(context, labels if len(points) == 1 else labels[-2:])
    return _checked(spec, context, Steps(sheet, unit, context.format(unit), whole, when), "")


def _cells_of(cells: Range) -> list[Cell]:
    return [(cells.first_row, column) for column in range(cells.first_column, cells.last_column + 1)]


def _difference(new: Point, old: Point) -> Point:
    """Return a change; a figure that is missing on one side counts as nothing, as in the total."""
    if new.value is None and old.value is None:
        return Point(None)
    value = Decimal(new.value or 0) - Decimal(old.value or 0)
    return Point(value, (*new.cells, *old.less), (*new.less, *old.cells), moves=new.moves or old.moves)


def _checked(spec: ChartSpec, context: Context, steps: Steps, rest: str) -> Steps | str:
    """Return the steps that have a figure, what they leave over, and none too many of them."""
    totals = [step for step in steps.steps if step.is_total]
    changes = [step for step in steps.steps if not step.is_total and step.point.value]
    if not changes or any(step.point.value is None for step in totals):
        return context.language.text(NO_FIGURES)
    if len(changes) == len(totals) == 1:
        only = changes[0].name
        return context.language.text("it has one part only, which is the whole ({label})", label=only)
    opening, closing = (totals[0].point if len(totals) > 1 else Point(Decimal(0))), totals[-1].point
    left = _difference(_difference(closing, opening), total(step.point for step in changes))
    remarks, other = steps.remarks, context.language.text("Other")
    if len(changes) > spec.most:
        small = sorted(changes, key=lambda step: abs(Decimal(step.point.value or 0)))
        gone = small[: len(changes) - spec.most + 1]
        summed = total(step.point for step in gone)
        count = context.language.number(len(gone))
        changes = [*(step for step in changes if step not in gone), Step(f"{other} ({count})", summed)]
        small_steps = context.language.text("{rest}: the {n} smallest steps", rest=other, n=count)
        remarks = (*remarks, small_steps)
    largest = max(abs(Decimal(step.point.value or 0)) for step in changes)
    if abs(Decimal(left.value or 0)) > _EXACT * largest:
        changes.append(Step(rest or other, left))
    whole = (*totals[:-1], *changes, totals[-1])
    return Steps(steps.sheet, steps.unit, steps.number_format, whole, steps.when, remarks)


# --- columns ----------------------------------------------------------------------------------------


def bars(steps: Sequence[Step]) -> list[Bar]:
    """Return the parts of each column; they are stacked upwards from zero, and downwards likewise."""
    level, found = Decimal(0), []
    for step in steps:
        amount = Decimal(step.point.value or 0)
        before, level = (Decimal(0), amount) if step.is_total else (level, level + amount)
        found.append(_bar(before, level, is_total=step.is_total))
    return found


def _bar(before: Decimal, level: Decimal, *, is_total: bool) -> Bar:
    zero = Decimal(0)
    if is_total:
        return Bar(level, zero, level, zero, zero, zero, zero)
    above = max(zero, level) - max(zero, before)
    below = min(zero, level) - min(zero, before)
    return Bar(
        level=level,
        base=max(zero, min(before, level)) + min(zero, max(before, level)),
        total=zero,
        up=max(zero, above),
        down=max(zero, -above),
        up_below=-max(zero, below),
        down_below=min(zero, below),
    )


def step_formulas(row: int, column: int, *, is_total: bool, is_first: bool) -> tuple[str, ...]:
    """Return the formulas of level, base, total, up, down, up and down below zero.

    An empty text stands for nothing but zero. The figure of the step is in ``column``, these right of it.
    """
    figure, level = cell_name(row, column), cell_name(row, column + 1)
    if is_total:
        return (figure, "", level, "", "", "", "")
    before = "0" if is_first else cell_name(row - 1, column + 1)
    above = f"MAX(0,{level})-MAX(0,{before})"
    below = f"MIN(0,{level})-MIN(0,{before})"
    return (
        figure if is_first else f"{before}+{figure}",
        f"MAX(0,MIN({before},{level}))+MIN(0,MAX({before},{level}))",
        "",
        f"MAX(0,{above})",
        f"MAX(0,-({above}))",
        f"-MAX(0,{below})",
        f"MIN(0,{below})",
    )
