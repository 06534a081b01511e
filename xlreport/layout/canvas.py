"""One sheet while it is being laid out: blocks, the styles that go with them, links and widths.

Every sheet begins alike: the title in A1, under it what is shown (unit, period, filter), then the way
back to the contents. `Canvas.plan` settles the rest and gives the finished SheetPlan.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from xlreport.cells import MAX_COLUMNS, MAX_ROWS, Range, quoted_sheet
from xlreport.errors import UsageError
from xlreport.language import ENGLISH, Language
from xlreport.layout.formats import displayed
from xlreport.layout.mirroring import mirrored, reads_from_right
from xlreport.layout.texts import fitting
from xlreport.layout.wrapping import breaks_anywhere, unbroken, wrapped_lines
from xlreport.plan import (
    Block,
    CellValue,
    Chart,
    ConditionalFormat,
    Link,
    PrintSetup,
    SheetPlan,
    Sparklines,
    StyleRun,
    TablePlan,
)
from xlreport.plan_pivots import PivotPlan, SlicerPlan
from xlreport.styles import NO_LINE, Align, PageLine, Role, Style, Theme
from xlreport.text import text_width

__all__ = ["FIRST_ROW", "ROW_HEIGHT", "Canvas"]

FIRST_ROW: Final = 5
"""Row at which the part of a sheet below its head begins."""

_LEAST_WIDTH: Final = 4.0
_MOST_WIDTH: Final = 60.0
_TITLE_AIR: Final = 1.5
"""Height of the first row, in sizes of the title."""
_POINTS_PER_CHARACTER: Final = 0.54
"""Width of a digit, in sizes of the letters."""
_LEAST_SCALE: Final = 0.4
"""A sheet that would have to shrink further goes over several pages across."""
_LEGIBLE_SCALE: Final = 0.6
ROW_HEIGHT: Final = 15.0
"""Points of a row whose height is not set."""
_CHARACTERS_PER_UNIT: Final = 1.1
"""Letters of a text that fit into the width of one digit."""
_FIGURE_HEIGHT: Final = 16.0
_AIR: Final = 0.3
"""Centimetres between two things side by side."""
_USUAL_WIDTH: Final = 8.43
_HEADER_AIR: Final = 4.5
_HEADER_WORDS_WIDTH: Final = 12
"""A header wraps, so a column is no wider for it than this, or than its longest word."""


@dataclass(slots=True)
class Canvas:
    """A sheet in the making."""

    name: str
    title: str
    theme: Theme
    landscape: bool = True
    contents: str = ""
    """Name of the contents sheet; an empty string where there is none, or where this is it."""
    header: PageLine = NO_LINE
    footer: PageLine = NO_LINE
    language: Language = ENGLISH
    blocks: list[Block] = field(default_factory=list)
    runs: list[StyleRun] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    tables: list[TablePlan] = field(default_factory=list)
    conditional: list[ConditionalFormat] = field(default_factory=list)
    pivots: list[PivotPlan] = field(default_factory=list)
    slicers: list[SlicerPlan] = field(default_factory=list)
    sparklines: list[Sparklines] = field(default_factory=list)
    freeze: tuple[int, int] | None = None
    repeat_rows: tuple[int, int] | None = None
    grouped: list[tuple[int, int]] = field(default_factory=list)
    """First and last rows of the groups of the outline."""
    repeat_columns: tuple[int, int] | None = None
    """Row labels, printed on every page of a sheet that is several pages wide."""
    kept_together: list[tuple[int, int]] = field(default_factory=list)
    """First and last rows of the parts that are not to be torn by a page break."""

    def head(self, subtitle: str) -> None:
        """Write the title, what the sheet shows, and the link back to the contents."""
        self.put(Role.TITLE, 1, 1, [[self.title]], measured=False)
        self.heights[1] = _TITLE_AIR * self.theme.sizes.title
        if subtitle:
            self.put(Role.SUBTITLE, 2, 1, [[subtitle]], measured=False)
        if self.contents:
            back = self.language.text("← {contents}", contents=self.contents)
            target = f"{quoted_sheet(self.contents)}!A1"
            self.link(3, 1, back, target, self.language.text("Back to the contents"))

    def put(
        self,
        role: Role,
        row: int,
        column: int,
        rows: Sequence[Sequence[CellValue]],
        formats: Sequence[str] = (),
        *,
        align: Align | Sequence[Align] | None = None,
        indent: int | Sequence[int] = 0,
        measured: bool = True,
    ) -> Range:
        """Place rows of values in the style of ``role``; return the cells that they take.

        ``formats`` has one number format per column. Text stands left and numbers right, unless ``align``
        says otherwise; ``indent`` keeps text off the number on its left. Both are for all columns, or one
        for each. Unless ``measured`` is False the columns become wide enough for what they show.
        """
        if role is Role.FIGURE:
            self.heights |= {
                at: max(self.heights.get(at, 0), _FIGURE_HEIGHT) for at in range(row, row + len(rows))
            }
        block = Block.of_rows(role, row, column, [[fitting(value) for value in values] for values in rows])
        self.blocks.append(block)
        for index, values in enumerate(block.columns):
            number_format = formats[index] if index < len(formats) else "General"
            style = self._style(role, number_format, values)
            style = style.with_(
                align=style.align if align is None else align if isinstance(align, Align) else align[index],
                indent=indent if isinstance(indent, int) else indent[index],
                right_to_left=self.language.right_to_left and reads_from_right(values),
            )
            self.runs.append(StyleRun(Range.at(row, column + index, block.height), style))
            if measured:
                self._widen(column + index, values, number_format, style)
        return block.range

    def link(self, row: int, column: int, text: str, target: str, tooltip: str = "") -> None:
        """Place a text that leads to ``target``."""
        crowded = column > 1 and not self.language.right_to_left
        self.put(Role.LINK, row, column, [[text]], indent=int(crowded), measured=column > 1)
        self.links.append(Link(row, column, target, tooltip))

    def paragraph(self, role: Role, row: int, column: int, text: str, *, width: float) -> None:
        """Place a text that wraps within ``width`` characters, with a row as high as it needs."""
        self.put(role, row, column, [[text]], measured=False)
        self.runs[-1] = StyleRun(self.runs[-1].range, self.runs[-1].style.with_(wrap=True))
        size, body = self.theme.style(role).size, self.theme.sizes.body
        letters = width * (1.0 if breaks_anywhere(text) else _CHARACTERS_PER_UNIT) * body / size
        lines = sum(wrapped_lines(line, letters) for line in text.split("\n"))
        lines += sum(width < len(word) <= letters for word in text.split())  # digits are wider than letters
        height = lines * self.theme.line_height * size / body
        self.heights[row] = max(self.heights.get(row, 0), height + 3)

    def widen(self, column: int, width: float) -> None:
        """Make a column at least ``width`` characters wide, within what looks well."""
        wanted = min(max(width, _LEAST_WIDTH), _MOST_WIDTH)
        self.widths[column] = max(self.widths.get(column, 0), wanted)

    def column_after(self, column: int, centimetres: float) -> int:
        """Return the first column right of something that begins at ``column`` and is so wide."""
        left = centimetres
        while left > -_AIR:
            left -= (self.widths.get(column, _USUAL_WIDTH) * self.theme.digit_width + 5) / 96 * 2.54
            column += 1
        return column

    def plan(self) -> SheetPlan:
        """Return the finished sheet."""
        self._fit_headers()
        self._check_size()
        plan = SheetPlan(
            name=self.name,
            blocks=tuple(sorted(self.blocks, key=lambda block: (block.row, block.column))),
            styles=tuple(self.runs),
            widths=dict(sorted(self.widths.items())),
            heights=dict(sorted(self.heights.items())),
            freeze=self.freeze,
            tables=tuple(self.tables),
            links=tuple(self.links),
            charts=tuple(self.charts),
            conditional=tuple(self.conditional),
            grouped=tuple(self.grouped),
            sparklines=tuple(self.sparklines),
            pivots=tuple(self.pivots),
            slicers=tuple(self.slicers),
            print=self._print(),
            title=self.title,
        )
        return mirrored(plan) if self.language.right_to_left else plan

    def _print(self) -> PrintSetup:
        return PrintSetup(
            landscape=self.landscape,
            repeat_rows=self.repeat_rows,
            breaks=self._breaks(),
            pages_wide=self._pages_wide(),
            repeat_columns=self.repeat_columns if self._pages_wide() > 1 else None,
            header=self.header,
            footer=self.footer,
        )

    def _fit_headers(self) -> None:
        """Make header rows as high as their wrapped headings need, now that the widths are settled."""
        for block in self.blocks:
            if block.role is not Role.HEADER:
                continue
            lines = [
                wrapped_lines(str(value or ""), self.widths.get(block.column + index, _LEAST_WIDTH) - 1)
                for index, column in enumerate(block.columns)
                for value in column
            ]
            wanted = max(lines, default=1) * self.theme.line_height + _HEADER_AIR
            self.heights[block.row] = max(self.heights.get(block.row, 0), wanted)

    def _check_size(self) -> None:
        """Refuse a sheet that reaches further than Excel's do."""
        rows = max((block.range.last_row for block in self.blocks), default=1)
        columns = max((block.range.last_column for block in self.blocks), default=1)
        if rows > MAX_ROWS or columns > MAX_COLUMNS:
            message = (
                f"The sheet '{self.name}' would have {columns:,} columns and {rows:,} rows; a sheet ends at "
                f"column {MAX_COLUMNS:,} and row {MAX_ROWS:,}. Ask for fewer in a definition of your own."
            )
            raise UsageError(message)

    def _pages_wide(self) -> int:
        """Return over how many pages the sheet goes across: one, unless that would make it illegible."""
        across, _ = self.theme.printable(landscape=self.landscape)
        if not self.repeat_columns or across / max(self._width(), 1.0) >= _LEAST_SCALE:
            return 1
        return math.ceil(self._width() * _LEGIBLE_SCALE / across)

    def _width(self) -> float:
        """Return how many points the columns take."""
        return sum(self.widths.values()) * _POINTS_PER_CHARACTER * self.theme.sizes.body

    def _breaks(self) -> tuple[int, ...]:
        """Return the rows before which a page has to break so that what belongs together stays together."""
        across, down = self.theme.printable(landscape=self.landscape)
        page = down / min(1.0, across * self._pages_wide() / max(self._extent(), 1.0))
        later = page - (self._height(*self.repeat_rows) if self.repeat_rows else 0)
        breaks, top, before = [], 1, 0
        for first, last in sorted(self.kept_together):
            while self._height(top, first - 1) > page:
                top, page = self._after_page(top, page), later
            # a page that ends between two parts may in truth have a row more
            torn = before < top <= first and before > 0
            full = self._height(top, last) > page and first > max(top, FIRST_ROW)  # no page of a head alone
            if (torn or full) and self._height(first, last) <= later:
                breaks.append(first)
                top, page = first, later
            before = max(before, last)
        return tuple(dict.fromkeys(breaks))

    def _extent(self) -> float:
        """Return how many points the columns and the charts take across."""
        edges = [self._left(chart.column) + chart.width * 72 / 2.54 for chart in self.charts]
        return max([self._width(), *edges])

    def _left(self, column: int) -> float:
        """Return how many points the columns before this one take."""
        widths = (self.widths.get(at, _USUAL_WIDTH) for at in range(1, column))
        return sum(widths) * _POINTS_PER_CHARACTER * self.theme.sizes.body

    def _after_page(self, top: int, room: float) -> int:
        row = top
        while self._height(top, row) <= room:
            row += 1
        return max(row, top + 1)

    def _height(self, first: int, last: int) -> float:
        usual = max(ROW_HEIGHT, self.theme.line_height)
        return sum(self.heights.get(row, usual) for row in range(first, last + 1))

    def _style(self, role: Role, number_format: str, values: Sequence[CellValue]) -> Style:
        style = self.theme.style(role).with_(number_format=number_format)
        if number_format not in ("General", "@"):
            return style.with_(align=Align.RIGHT)
        numeric = any(displayed(value, number_format) and not isinstance(value, str) for value in values)
        return style if numeric else style.with_(align=Align.LEFT)

    def _widen(self, column: int, values: Sequence[CellValue], number_format: str, style: Style) -> None:
        longest = max((text_width(displayed(value, number_format)) for value in values), default=0)
        if style.role is Role.HEADER:
            words = [word for value in values for word in unbroken(str(value or ""))]
            longest = min(longest, max([_HEADER_WORDS_WIDTH, *map(text_width, words)]))
        factor = style.size / self.theme.sizes.body * (1.1 if style.bold else 1.0)
        self.widen(column, longest * factor + 2 + style.indent)
