"""One sheet while it is being laid out: blocks, the styles that go with them, links and widths.

Every sheet begins alike: the title in A1, under it what is shown (unit, period, filter), then the way
back to the contents. `Canvas.plan` settles the rest and gives the finished SheetPlan.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from xlreport.cells import MAX_COLUMNS, MAX_ROWS, Range, cut, quoted_sheet
from xlreport.errors import UsageError
from xlreport.layout.formats import displayed
from xlreport.layout.texts import fitting
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
from xlreport.styles import Align, Role, Style, Theme

__all__ = ["FIRST_ROW", "LINE_HEIGHT", "ROW_HEIGHT", "Canvas", "wrapped_lines"]

FIRST_ROW: Final = 5
"""Row at which the part of a sheet below its head begins."""

_LEAST_WIDTH: Final = 4.0
_MOST_WIDTH: Final = 60.0
LINE_HEIGHT: Final = 13.5
"""Points that a line of text takes."""
ROW_HEIGHT: Final = 15.0
"""Points of a row whose height is not set."""
_UPRIGHT: Final = (515.0, 730.0)
"""Points across and down that A4 leaves to print on, with some to spare."""
_LYING: Final = (755.0, 485.0)
_POINTS_PER_CHARACTER: Final = 5.4
_CHARACTERS_PER_UNIT: Final = 1.2
"""Letters of a text that fit into the width of one digit."""
_MOST_FOOTER: Final = 100
"""Characters: with every ampersand doubled, and the page numbers, a footer still has at most 255."""
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
    footer: str = ""
    blocks: list[Block] = field(default_factory=list)
    runs: list[StyleRun] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    tables: list[TablePlan] = field(default_factory=list)
    conditional: list[ConditionalFormat] = field(default_factory=list)
    sparklines: list[Sparklines] = field(default_factory=list)
    freeze: tuple[int, int] | None = None
    repeat_rows: tuple[int, int] | None = None
    kept_together: list[tuple[int, int]] = field(default_factory=list)
    """First and last rows of the parts that are not to be torn by a page break."""

    def head(self, subtitle: str) -> None:
        """Write the title, what the sheet shows, and the link back to the contents."""
        self.put(Role.TITLE, 1, 1, [[self.title]], measured=False)
        self.heights[1] = 24
        if subtitle:
            self.put(Role.SUBTITLE, 2, 1, [[subtitle]], measured=False)
        if self.contents:
            self.link(3, 1, "← " + self.contents, f"{quoted_sheet(self.contents)}!A1", "Back to the contents")

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
        block = Block.of_rows(role, row, column, [[fitting(value) for value in values] for values in rows])
        self.blocks.append(block)
        for index, values in enumerate(block.columns):
            number_format = formats[index] if index < len(formats) else "General"
            style = self._style(role, number_format, values)
            style = style.with_(
                align=style.align if align is None else align if isinstance(align, Align) else align[index],
                indent=indent if isinstance(indent, int) else indent[index],
            )
            self.runs.append(StyleRun(Range.at(row, column + index, block.height), style))
            if measured:
                self._widen(column + index, values, number_format, style)
        return block.range

    def link(self, row: int, column: int, text: str, target: str, tooltip: str = "") -> None:
        """Place a text that leads to ``target``."""
        self.put(Role.LINK, row, column, [[text]], indent=int(column > 1), measured=column > 1)
        self.links.append(Link(row, column, target, tooltip))

    def paragraph(self, role: Role, row: int, column: int, text: str, *, width: float) -> None:
        """Place a text that wraps within ``width`` characters, with a row as high as it needs."""
        self.put(role, row, column, [[text]], measured=False)
        lines = sum(wrapped_lines(line, width * _CHARACTERS_PER_UNIT) for line in text.split("\n"))
        self.heights[row] = max(self.heights.get(row, 0), lines * LINE_HEIGHT + 3)

    def widen(self, column: int, width: float) -> None:
        """Make a column at least ``width`` characters wide, within what looks well."""
        wanted = min(max(width, _LEAST_WIDTH), _MOST_WIDTH)
        self.widths[column] = max(self.widths.get(column, 0), wanted)

    def plan(self) -> SheetPlan:
        """Return the finished sheet."""
        self._fit_headers()
        self._check_size()
        return SheetPlan(
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
            sparklines=tuple(self.sparklines),
            print=PrintSetup(
                self.landscape, self.repeat_rows, None, self._breaks(), cut(self.footer, _MOST_FOOTER)
            ),
            title=self.title,
        )

    def even_widths(self, first: int) -> None:
        """Make the columns from ``first`` on as wide as the widest of them, so that figures stand evenly."""
        wide = [column for column in self.widths if column >= first]
        widest = max((self.widths[column] for column in wide), default=0)
        self.widths |= dict.fromkeys(wide, widest)

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
            wanted = max(lines, default=1) * LINE_HEIGHT + _HEADER_AIR
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

    def _breaks(self) -> tuple[int, ...]:
        """Return the rows before which a page has to break so that what belongs together stays together."""
        width = sum(self.widths.values()) * _POINTS_PER_CHARACTER
        across, down = _LYING if self.landscape else _UPRIGHT
        page = down / min(1.0, across / max(width, 1.0))
        later = page - (self._height(*self.repeat_rows) if self.repeat_rows else 0)
        breaks, top, room = [], 1, page
        for first, last in sorted(self.kept_together):
            while self._height(top, first - 1) > room:
                top, room = self._after_page(top, room), later
            if self._height(top, last) > room and first > top and self._height(first, last) <= later:
                breaks.append(first)
                top, room = first, later
        return tuple(breaks)

    def _after_page(self, top: int, room: float) -> int:
        row = top
        while self._height(top, row) <= room:
            row += 1
        return max(row, top + 1)

    def _height(self, first: int, last: int) -> float:
        return sum(self.heights.get(row, ROW_HEIGHT) for row in range(first, last + 1))

    def _style(self, role: Role, number_format: str, values: Sequence[CellValue]) -> Style:
        style = self.theme.style(role).with_(number_format=number_format)
        if number_format not in ("General", "@"):
            return style.with_(align=Align.RIGHT)
        numeric = any(displayed(value, number_format) and not isinstance(value, str) for value in values)
        return style if numeric else style.with_(align=Align.LEFT)

    def _widen(self, column: int, values: Sequence[CellValue], number_format: str, style: Style) -> None:
        longest = max((len(displayed(value, number_format)) for value in values), default=0)
        if style.role is Role.HEADER:
            words = [word for value in values for word in str(value or "").split()]
            longest = min(longest, max([_HEADER_WORDS_WIDTH, *map(len, words)]))
        factor = style.size / 10 * (1.1 if style.bold else 1.0)
        self.widen(column, longest * factor + 2 + style.indent)


def wrapped_lines(text: str, width: float) -> int:
    """Return how many lines a text takes that wraps at blanks within ``width`` characters."""
    lines, used = 1, 0.0
    for word in text.split():
        if used and used + 1 + len(word) > width:
            lines, used = lines + 1, 0.0
        used += len(word) + (1 if used else 0)
        while used > width > 1:
            lines, used = lines + 1, used - width
    return lines
