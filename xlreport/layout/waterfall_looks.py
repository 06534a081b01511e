"""Turn the parts of a waterfall into the series of its chart: colours, and figures with their signs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlreport.cells import Range
from xlreport.layout.chart_frames import FRAME, LETTER, LINE, Frame
from xlreport.layout.chart_looks import label_color, softened
from xlreport.layout.formats import displayed
from xlreport.layout.waterfall import Bar
from xlreport.plan import LabelPlace, Labels, Series
from xlreport.styles import Theme

__all__ = ["columns_of"]


@dataclass(frozen=True, slots=True)
class _Part:
    """A series of the chart."""

    name: str
    value: Callable[[Bar], Decimal]
    color: str
    sign: str = ""
    """What its figures have before them, whatever side of zero they are on."""
    place: LabelPlace = "inside"
    other: Callable[[Bar], Decimal] = lambda _bar: Decimal(0)
    """The part of the same step on the other side of zero."""
    is_listed: bool = True
    """Whether the legend may have it."""

    def numbers(self, parts: Sequence[Bar]) -> tuple[Decimal, ...]:
        """Return its figure in each column."""
        return tuple(map(self.value, parts))


def columns_of(
    theme: Theme,
    names: Sequence[str],
    parts: Sequence[Bar],
    cells: Sequence[Range],
    number_format: str,
    frame: Frame,
) -> Iterator[Series]:
    """Yield the series: the invisible base, totals, increases and decreases, and those below zero if any.

    ``names`` and ``cells`` have one for each of them; ``number_format`` is that of positive figures. Where a
    step is too low for its figure, the figures stand at the foot of invisible columns beyond the steps, which
    show these once more.
    """
    low = _is_any_low(parts, frame.plot)
    roomy = _has_room(parts, number_format, frame.width)
    pairs = list(zip(_parts(theme, names, "base" if low else "center"), cells, strict=False))
    for part, place in pairs:
        written = None if not roomy or (low and part.sign) else _labels(theme, part, parts, number_format)
        in_legend = part.is_listed and any(part.value(bar) or part.other(bar) for bar in parts)
        yield Series(part.name, place, part.numbers(parts), part.color, written, in_legend=in_legend)
    for part, place in pairs:
        written = _labels(theme, part, parts, number_format) if roomy and low and part.sign else None
        if written:
            yield Series(part.name, place, part.numbers(parts), "", written, in_legend=False)


def _has_room(parts: Sequence[Bar], number_format: str, width: float) -> bool:
    """Tell whether the figures of neighbouring steps do not run into one another."""
    figures = [max(abs(bar.total), bar.up - bar.up_below, bar.down - bar.down_below) for bar in parts]
    longest = max(len(displayed(figure, number_format)) + 1 for figure in figures)
    return longest * LETTER <= (width - FRAME) / len(parts)


def _is_any_low(parts: Sequence[Bar], plot: float) -> bool:
    levels = [Decimal(0), *(bar.level for bar in parts)]
    least = (max(levels) - min(levels)) * Decimal(LINE) / Decimal(plot)
    sizes = [max(abs(bar.up), abs(bar.down), abs(bar.up_below), abs(bar.down_below)) for bar in parts]
    return any(0 < size < least for size in sizes)


def _parts(theme: Theme, names: Sequence[str], place: LabelPlace) -> tuple[_Part, ...]:
    up, down = softened(theme.series[2]), softened(theme.series[1])
    base, total, increase, decrease, low_up, low_down = names
    return (
        _Part(base, lambda bar: bar.base, "", is_listed=False),
        _Part(total, lambda bar: bar.total, theme.series[0]),
        _Part(increase, lambda bar: bar.up, up, "+", place, lambda bar: bar.up_below),
        _Part(decrease, lambda bar: bar.down, down, "-", place, lambda bar: bar.down_below),
        _Part(low_up, lambda bar: bar.up_below, up, "+", place, lambda bar: bar.up, is_listed=False),
        _Part(low_down, lambda bar: bar.down_below, down, "-", place, lambda bar: bar.down, is_listed=False),
    )


def _labels(theme: Theme, part: _Part, parts: Sequence[Bar], number_format: str) -> Labels | None:
    if not part.color:
        return None
    signed = f"{part.sign}{number_format};{part.sign or '-'}{number_format};"
    without = tuple(at for at, bar in enumerate(parts) if not _is_larger(part, bar))
    texts = tuple(
        (at, part.sign + displayed(abs(part.value(bar)) + abs(part.other(bar)), number_format))
        for at, bar in enumerate(parts)
        if bar.crosses and at not in without
    )
    return Labels(signed, label_color(theme, part.color, part.place), part.place, without, texts=texts)


def _is_larger(part: _Part, bar: Bar) -> bool:
    """Tell whether a part is the one of its step that has the figure: the larger, or that above zero."""
    own, other = part.value(bar), abs(part.other(bar))
    return abs(own) > other or (own == other and own > 0)
