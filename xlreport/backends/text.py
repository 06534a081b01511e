"""Turn a plan into text: what a person reads to see what a workbook will hold.

It is also the form in which tests keep the expected plan, so it depends on nothing but the plan, and a
change in one cell changes one line: columns are as wide as the plan says, not as their longest value.
"""

import dataclasses
import datetime as dt
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from xlreport.cells import cell_name, column_letter
from xlreport.plan import (
    Axis,
    Block,
    Chart,
    ConditionalFormat,
    Formula,
    Link,
    Note,
    Picture,
    PrintSetup,
    Protection,
    Series,
    SheetPlan,
    Sparklines,
    TablePlan,
    Validation,
    WorkbookPlan,
)
from xlreport.styles import Style, Theme
from xlreport.text import plural

__all__ = ["render"]

_DEFAULT_WIDTH: Final = 10
_MOST_WIDTH: Final = 40
"""Wider columns are drawn so wide; a longer value is still written in full."""
_LAST_ROWS: Final = 2
"""How many rows are shown of the end of a long block."""
_AMBIGUOUS: Final = re.compile(
    r"""\s.*|.*\s|['"=].*|[-+]?[\d.,]+%?|TRUE|FALSE|\d{4}-\d\d-\d\d.*|.*\|.*|""", re.DOTALL
)
"""Text that could be taken for a number, a date, a formula or the end of a cell: it is quoted."""


def render(plan: WorkbookPlan, *, rows: int = 12) -> str:
    """Return ``plan`` as text that ends with a line break and has no trailing blanks.

    Of a block of more than ``rows`` rows, the first and the last are shown and the others counted.
    ValueError where ``rows`` is less than 1.
    """
    if rows < 1:
        message = f"rows is {rows}; it has to be at least 1"
        raise ValueError(message)
    parts = [_workbook(plan), *(_sheet(sheet, plan.theme, rows) for sheet in plan.sheets)]
    lines = (line.rstrip() for line in itertools.chain.from_iterable(parts))
    return "\n".join(lines) + "\n"


def _workbook(plan: WorkbookPlan) -> Iterator[str]:
    yield f"# {_shown_text(plan.title)}"
    for fact in ("subject", "creator", "description", "keywords"):
        value = getattr(plan, fact)
        if value:
            yield _fact(fact, _shown_text(value))
    yield _fact("as of", plan.as_of.isoformat(sep=" "))
    yield _fact("theme", plan.theme.name)
    for name, reference in plan.names.items():
        yield _fact("name", f"{name} = {reference}")
    for detail in plan.details:
        yield _fact(
            "beside", f"*.{detail.name}.parquet, {detail.height:,} rows: {' | '.join(detail.columns)}"
        )


def _sheet(sheet: SheetPlan, theme: Theme, rows: int) -> Iterator[str]:
    yield ""
    yield f"## {sheet.name}"
    yield from _facts(sheet, theme)
    yield from _grid(sheet, rows)


def _fact(name: str, value: str) -> str:
    return f"{name:<12}{value}"


def _facts(sheet: SheetPlan, theme: Theme) -> Iterator[str]:
    if sheet.title:
        yield _fact("shows", _shown_text(sheet.title))
    yield _fact("used", str(sheet.used))
    if sheet.freeze is not None:
        yield _fact("freeze", cell_name(*sheet.freeze))
    if sheet.widths:
        yield _fact("widths", _sizes({column_letter(column): size for column, size in sheet.widths.items()}))
    if sheet.heights:
        yield _fact("heights", _sizes(sheet.heights))
    if sheet.grouped:
        yield _fact("grouped", ", ".join(f"{first}:{last}" for first, last in sheet.grouped))
    if sheet.gridlines:
        yield _fact("gridlines", "shown")
    if sheet.right_to_left:
        yield _fact("direction", "right to left")
    if sheet.tab_color:
        yield _fact("tab", sheet.tab_color)
    yield _fact("print", _print(sheet.print, theme))
    yield from map(_table, sheet.tables)
    yield from map(_conditional, sheet.conditional)
    yield from map(_sparklines, sheet.sparklines)
    yield from map(_link, sheet.links)
    for chart in sheet.charts:
        yield from _chart(chart)
    yield from map(_picture, sheet.pictures)
    yield from _entry(sheet)
    yield from _styles(sheet, theme)


def _sizes(sizes: Mapping[str, float] | Mapping[int, float]) -> str:
    return ", ".join(f"{place} {size:g}" for place, size in sizes.items())


def _print(setup: PrintSetup, theme: Theme) -> str:
    facts = [f"{theme.paper} {'landscape' if setup.landscape else 'portrait'}"]
    if setup.area is not None:
        facts.append(f"area {setup.area}")
    if setup.repeat_rows is not None:
        facts.append("rows {}:{} on every page".format(*setup.repeat_rows))
    if setup.breaks:
        facts.append(f"new page at {', '.join(map(str, setup.breaks))}")
    facts += _page_lines(setup)
    return ", ".join(facts)


def _page_lines(setup: PrintSetup) -> Iterator[str]:
    """Yield header and footer; of a footer with the usual middle and right, its left."""
    usual = PrintSetup().footer
    for name, line in (("header", setup.header), ("footer", setup.footer)):
        parts = [line.left, line.middle, line.right]
        if parts[1:] == [usual.middle, usual.right]:
            parts[1:] = []
        if any(parts):
            yield f"{name} {' | '.join(_shown_text(part.replace('&&', '&')) for part in parts)}"


def _table(table: TablePlan) -> str:
    look = f"{table.style}, {'banded' if table.banded else 'not banded'}"
    columns = " | ".join(map(_shown_text, table.columns))
    return _fact("table", f"{table.name} {table.range} ({look}): {columns}")


def _conditional(rule: ConditionalFormat) -> str:
    if rule.kind == "icons":
        return _fact("conditional", f"{rule.range} {rule.icons}, flat within {rule.band}")
    negative = f"{rule.negative} below zero" if rule.negative else ""
    look = " on ".join(part for part in (rule.color, rule.fill) if part)
    return _fact("conditional", f"{rule.range} {rule.kind} {look} {rule.formula}{negative}")


def _entry(sheet: SheetPlan) -> Iterator[str]:
    """Yield what is said of sheets that people fill in."""
    if sheet.protection is not None:
        yield _fact("protected", _protection(sheet.protection))
    if sheet.filter is not None:
        yield _fact("filter", str(sheet.filter))
    yield from map(_validation, sheet.validations)
    yield from map(_note, sheet.notes)


def _protection(protection: Protection) -> str:
    return "but rows can be inserted, deleted, sorted and filtered" if protection.rows else "as a whole"


def _validation(rule: Validation) -> str:
    """Return a line with the condition, and what is said: of the cell, and of a value that is refused."""
    limits = rule.formula
    if rule.second:
        limits = f"{rule.formula} to {rule.second}"
    elif rule.operator != "between":
        limits = f"{rule.operator} {rule.formula}"
    parts = [f"{rule.range} {rule.kind} {limits}".rstrip()]
    if rule.kind != "any":
        how = "stops" if rule.stops else "warns"
        parts.append(f"{how}: {_shown_text(rule.error_title)}: {_shown_text(rule.error)}")
        parts += [] if rule.ignores_empty else ["looks at empty cells"]
    parts += [f"prompt: {_shown_text(rule.title)}: {_shown_text(rule.prompt)}"] if rule.prompt else []
    return _fact("validation", " | ".join(parts))


def _note(note: Note) -> str:
    return _fact("note", f"{cell_name(note.row, note.column)} {_shown_text(note.text)}")


def _sparklines(group: Sparklines) -> str:
    names = ("high", "low", "last", "negative")
    marks = [f"{name} {color}" for name in names if (color := getattr(group, name))]
    places = ", ".join(f"{cell} of {source}" for cell, source in zip(group.cells, group.sources, strict=True))
    return _fact("sparklines", f"{group.kind} ({', '.join([group.color, *marks])}): {places}")


def _link(link: Link) -> str:
    tooltip = f" ({_shown_text(link.tooltip)})" if link.tooltip else ""
    return _fact("link", f"{cell_name(link.row, link.column)} -> {link.target}{tooltip}")


def _chart(chart: Chart) -> Iterator[str]:
    size = f"{chart.width:g} x {chart.height:g} cm"
    place = cell_name(chart.row, chart.column)
    yield _fact("chart", f"{_shown_text(chart.title)} ({chart.kind}, at {place}, {size})")
    if chart.subtitle:
        yield _fact("  subtitle", _shown_text(chart.subtitle))
    sheet = f" on {chart.sheet}" if chart.sheet else ""
    labels = " | ".join(map(_shown_text, chart.labels))
    turn = f", turned by {chart.label_turn}" if chart.label_turn else ""
    step = f", every {chart.label_step}" if chart.label_step > 1 else ""
    yield _fact("  labels", f"{chart.categories}{sheet}{turn}{step}: {labels}")
    for series in chart.series:
        yield from _series(series)
    yield _fact("  axis", _axis(chart.axis))
    if chart.second_axis:
        yield _fact("  axis", f"{_axis(chart.second_axis)}, at the right")
    yield _fact("  look", f"gap {chart.gap} %{', legend' if chart.legend else ''}")
    yield _fact("  alt text", _shown_text(chart.alt_text))


def _series(series: Series) -> Iterator[str]:
    numbers = " | ".join(map(_shown, series.numbers))
    look = series.color or "invisible"
    where = "" if series.in_legend else ", not in the legend"
    where += ", a line on the axis at the right" if series.on_second_axis else ""
    yield _fact("  series", f"{_shown_text(series.name)} {series.values} ({look}{where}): {numbers}")
    if series.labels:
        labels = series.labels
        without = f", not at {', '.join(map(str, labels.without))}" if labels.without else ""
        without += f", below at {', '.join(map(str, labels.below))}" if labels.below else ""
        texts = "".join(f", {text} at {point}" for point, text in labels.texts)
        yield _fact("    labels", f"{labels.number_format} {labels.place} in {labels.color}{without}{texts}")


def _axis(axis: Axis) -> str:
    ends = "" if (axis.least, axis.most) == (None, None) else f", {_end(axis.least)} to {_end(axis.most)}"
    step = f" by {axis.step}" if axis.step is not None else ""
    title = f" {_shown_text(axis.title)}" if axis.title else ""
    return f"{axis.number_format}{title}{ends}{step}{'' if axis.gridlines else ', no gridlines'}"


def _end(number: int | None) -> str:
    return "…" if number is None else str(number)


def _picture(picture: Picture) -> str:
    place = cell_name(picture.row, picture.column)
    size = f"{picture.width:.0f} x {picture.height:.0f} points"
    return _fact("picture", f"{_shown_text(picture.alt_text)} ({picture.image.kind}, at {place}, {size})")


def _styles(sheet: SheetPlan, theme: Theme) -> Iterator[str]:
    """Yield one line per style, with the ranges that have it."""
    ranges: dict[Style, list[str]] = {}
    for run in sheet.styles:
        ranges.setdefault(run.style, []).append(str(run.range))
    for columns in sheet.columns:
        letters = f"{column_letter(columns.first)}:{column_letter(columns.last)}"
        ranges.setdefault(columns.style, []).append(letters)
    for style, places in ranges.items():
        yield _fact("style", f"{_described(style, theme)}: {', '.join(places)}")


def _described(style: Style, theme: Theme) -> str:
    """Return the style's role, its number format, and what sets it apart from the theme's for that role."""
    usual = theme.style(style.role)
    words = [style.role.value]
    if style.number_format != "General":
        words.append(style.number_format)
    for field in dataclasses.fields(Style):
        value = getattr(style, field.name)
        if field.name not in ("role", "number_format") and value != getattr(usual, field.name):
            words.append(f"{field.name}={value}")
    return " ".join(words)


def _grid(sheet: SheetPlan, rows: int) -> Iterator[str]:
    """Yield the cells, each row with its number and the roles of the blocks in it."""
    if not sheet.blocks:
        return
    columns = range(1, sheet.used.last_column + 1)
    widths = [_width(sheet, column) for column in columns]
    letters = [f"{column_letter(column):<{width}}" for column, width in zip(columns, widths, strict=True)]
    yield ""
    yield _line("", "", letters)
    previous = 0
    for first, last, blocks in _bands(sheet):
        if previous and first > previous + 1:
            yield ""
        yield from _band(first, last, blocks, widths, rows)
        previous = last


def _width(sheet: SheetPlan, column: int) -> int:
    return min(round(sheet.widths.get(column, _DEFAULT_WIDTH)), _MOST_WIDTH)


def _line(number: str, role: str, cells: Sequence[str]) -> str:
    filled = max((place for place, cell in enumerate(cells, 1) if cell.strip()), default=0)
    return f"{number:>7} {role:<12} {' | '.join(cells[:filled])}"


def _bands(sheet: SheetPlan) -> Iterator[tuple[int, int, list[Block]]]:
    """Yield stretches of rows over which the same blocks stand side by side."""
    blocks = [block for block in sheet.blocks if block.height]
    cuts = sorted({cut for block in blocks for cut in (block.row, block.row + block.height)})
    for first, after in itertools.pairwise(cuts):
        here = [block for block in blocks if block.row <= first < block.row + block.height]
        if here:
            yield first, after - 1, here


def _band(first: int, last: int, blocks: list[Block], widths: list[int], rows: int) -> Iterator[str]:
    role = "+".join(dict.fromkeys(block.role.value for block in blocks))
    height = last - first + 1
    at_end = min(_LAST_ROWS, rows // 2) if height > rows else 0
    at_start = min(height, rows - at_end)
    for row in range(first, first + at_start):
        yield _line(str(row), role, _cells(row, blocks, widths))
    if height > rows:
        yield _line("…", "", [f"{plural(height - rows, 'more row')} …"])
    for row in range(last - at_end + 1, last + 1):
        yield _line(str(row), role, _cells(row, blocks, widths))


def _cells(row: int, blocks: list[Block], widths: list[int]) -> list[str]:
    cells = [" " * width for width in widths]
    for block in blocks:
        for column, values in enumerate(block.columns, block.column):
            cells[column - 1] = _aligned(values[row - block.row], widths[column - 1])
    return cells


def _aligned(value: object, width: int) -> str:
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return f"{_shown(value):>{width}}" if is_number else f"{_shown(value):<{width}}"


def _shown(value: object) -> str:
    """Return a value so that its type can be told: text that looks like something else is quoted."""
    match value:
        case None:
            text = ""
        case bool():
            text = str(value).upper()
        case Formula():
            text = f"={_printable(value.text)} -> {_shown(value.value)}"
        case str():
            text = _shown_text(value)
        case Decimal():
            text = f"{value:f}"
        case dt.datetime():
            text = value.isoformat(sep=" ")
        case _:
            text = str(value)
    return text


def _shown_text(text: str) -> str:
    return text if text.isprintable() and not _AMBIGUOUS.fullmatch(text) else repr(str(text))


def _printable(text: str) -> str:
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
