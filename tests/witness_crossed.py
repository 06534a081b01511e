"""Cross-tabulations once more, the slow way: every cell from a search of the rows that belong to it."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sales import Sale

Labels = tuple[str, ...]
Number = Fraction | int | None
Definition = Mapping[str, Any]

AGGREGATES: Mapping[str, Callable[[list[Sale]], Number]] = {
    "rows": len,
    "value": lambda sales: sum(_amounts(sales), Fraction()) if _amounts(sales) else None,
    "buyers": lambda sales: len({sale.customer for sale in sales} - {None}),
    "mean": lambda sales: (
        sum(_amounts(sales), Fraction()) / len(_amounts(sales)) if _amounts(sales) else None
    ),
    "largest": lambda sales: max(_amounts(sales), default=None),
}


def _amounts(sales: Sequence[Sale]) -> list[Fraction]:
    return [Fraction(sale.amount) for sale in sales if sale.amount is not None]


# --- labels -------------------------------------------------------------------------------------------


def name(axis: str | Definition) -> str:
    """Return what a field of an axis is called: ``day by year``."""
    if isinstance(axis, str):
        return axis
    return f"{axis['field']} by {axis['by']}" if "by" in axis else str(axis["field"])


def label(sale: Sale, axis: str, sales: Sequence[Sale]) -> str:
    """Return the label of a sale, in the spelling that most of the ``sales`` have."""
    of, _, by = axis.partition(" by ")
    value = getattr(sale, "year" if of == "day" else of)
    if isinstance(value, str):
        key = _key(value)
        spellings = Counter(
            " ".join(other.split())
            for other in (getattr(one, of) for one in sales)
            if other is not None and _key(other) == key
        )
        most = max(spellings.values())
        text = min(spelling for spelling, count in spellings.items() if count == most)
        return "Not stated" if key in ("", "not stated") else text
    return "Not stated" if value is None else _plain(value, by)


def _key(text: str) -> str:
    return " ".join(text.split()).lower()


def _plain(value: object, by: str) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
    if isinstance(value, dt.date) and by:
        quarter = (value.month + 2) // 3
        return {"year": f"{value.year}", "quarter": f"{value.year}-Q{quarter}", "month": f"{value:%Y-%m}"}[by]
    return str(value)


def _rank(axis: str, text: str) -> tuple[object, ...]:
    number = Fraction(text) if axis in ("size", "amount") and text != "Not stated" else 0
    return text == "Not stated", number, text.lower(), text


# --- lines --------------------------------------------------------------------------------------------


@dataclass
class Crossed:
    """A pivot of sales by definition, as the report has it."""

    sales: list[Sale]
    pivot: Definition
    rest: list[Sale] = field(default_factory=list)
    left: int = 0
    _labels: dict[tuple[int, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = [name(axis) for axis in self.pivot["rows"]]
        self.columns = [name(axis) for axis in self.pivot.get("columns", ())]
        whole = {id(sale): sale for sale in self.sales}
        for axis in {*self.rows, *self.columns, *(name(one) for one in self.pivot.get("filters", ()))}:
            for key, sale in whole.items():
                self._labels[key, axis] = label(sale, axis, self.sales)
        for one in self.pivot.get("filters", ()):
            if one.get("values"):
                self.sales = [sale for sale in self.sales if self.of(sale, name(one)) in one["values"]]
        self._keep_the_first()

    def of(self, sale: Sale, axis: str) -> str:
        return self._labels[id(sale), axis]

    def _keep_the_first(self) -> None:
        top = self.pivot.get("top")
        if not top:
            return
        first = self.below((), rows=True)
        kept = first[: top["n"]]
        if len(first) > len(kept):
            depth = len(kept[0])
            self.rest = [s for s in self.sales if tuple(self.of(s, a) for a in self.rows[:depth]) not in kept]
            self.left = len(first) - len(kept)
            if top.get("other") is False:
                self.sales = [sale for sale in self.sales if sale not in self.rest]
                self.rest = []

    @property
    def whole(self) -> bool:
        """Whether a top is taken of lines with all their labels."""
        return bool(self.pivot.get("top")) and not self.pivot.get("subtotals", True)

    def belonging(self, row: Labels, column: Labels) -> list[Sale]:
        """Return the sales that enter a cell."""
        sales = self.rest if row[:1] == ("",) else self.sales
        wanted = [(axis, text) for axis, text in zip(self.rows, row, strict=False) if text]
        fields = [*wanted, *zip(self.columns, column, strict=False)]
        return [sale for sale in sales if all(self.of(sale, axis) == text for axis, text in fields)]

    def figure(self, measure: str, row: Labels, column: Labels) -> Number:
        sales = self.belonging(row, column)
        return AGGREGATES[measure](sales) if sales else None

    def below(self, path: Labels, *, rows: bool) -> list[Labels]:
        """Return the lines one level below one, in order."""
        axes, sort = (self.rows, "sort") if rows else (self.columns, "columnSort")
        depth = len(axes) if rows and self.whole else len(path) + 1
        if len(path) >= len(axes):
            return []
        sales = [s for s in self.sales if all(self.of(s, a) == t for a, t in zip(axes, path, strict=False))]
        found = list({tuple(self.of(sale, axis) for axis in axes[:depth]) for sale in sales})
        found.sort(key=lambda labels: [_rank(axis, text) for axis, text in zip(axes, labels, strict=False)])
        by = self.pivot.get(sort, {}).get("by", 0)
        descending = self.pivot.get(sort, {}).get("descending", bool(by))
        if not by:
            return found[::-1] if descending else found
        measure = self.pivot["values"][by - 1]["measure"]
        figures = {p: self.figure(measure, *((p, ()) if rows else ((), p))) for p in found}
        sign = -1 if descending else 1
        return sorted(found, key=lambda p: (figures[p] is None, sign * (figures[p] or 0)))

    def shown_below(self, path: Labels, *, rows: bool) -> list[Labels]:
        """Return the same with the first of a top and the line of the rest."""
        found = self.below(path, rows=rows)
        if not rows or path or not self.rest:
            return found
        depth = len(self.rows) if self.whole else 1
        return [*found[: self.pivot["top"]["n"]], ("",) * depth]

    def row_lines(self, path: Labels = ()) -> Iterator[Labels]:
        for inner in self.shown_below(path, rows=True):
            yield inner
            if inner[0]:
                yield from self.row_lines(inner)

    def column_lines(self, path: Labels = ()) -> Iterator[Labels]:
        for inner in self.below(path, rows=False):
            yield from self.column_lines(inner)
            yield inner

    # --- cells ----------------------------------------------------------------------------------------

    def shown(self, value: Definition, row: Labels, column: Labels) -> Number:
        measure, show = value["measure"], value.get("show", "value")
        figure = self.figure(measure, row, column)
        wholes = {"share": ((), ()), "shareOfRow": (row, ()), "shareOfColumn": ((), column)}
        if show == "value":
            return figure
        if show in wholes:
            return divided(figure, self.figure(measure, *wholes[show]))
        return self._along(value, row, column)

    def _along(self, value: Definition, row: Labels, column: Labels) -> Number:
        measure, show = value["measure"], value["show"]
        base = value.get("base") or (
            self.rows[-1] if show in ("rank", "cumulativeShare") or not self.columns else self.columns[-1]
        )
        rows = base in self.rows
        axes, path = (self.rows, row) if rows else (self.columns, column)
        depth = len(axes) if rows and self.whole else axes.index(base) + 1
        if len(path) < depth:
            return None
        parent = () if rows and self.whole else path[: depth - 1]
        siblings = self.shown_below(parent, rows=rows)
        if show in ("difference", "differencePercent", "rank"):
            siblings = [sibling for sibling in siblings if sibling[0]]
        if path[:depth] not in siblings:
            return None
        lines = [sibling + path[depth:] for sibling in siblings]
        figures = [self.figure(measure, *((line, column) if rows else (row, line))) for line in lines]
        return _SHOWN[show](figures, siblings.index(path[:depth]))


def divided(over: Number, under: Number) -> Number:
    return None if over is None or not under else Fraction(over) / Fraction(under)


def _difference(figures: list[Number], at: int) -> Number:
    if not at or figures[at] is figures[at - 1] is None:
        return None
    return (figures[at] or 0) - (figures[at - 1] or 0)


def _running(figures: list[Number], at: int) -> Number:
    known = [figure for figure in figures[: at + 1] if figure is not None]
    return sum(known) if known else None


def _rank_of(figures: list[Number], at: int) -> Number:
    return None if figures[at] is None else len({f for f in figures if f is not None and f >= figures[at]})


_SHOWN: Mapping[str, Callable[[list[Number], int], Number]] = {
    "difference": _difference,
    "differencePercent": lambda figures, at: (
        divided(_difference(figures, at), figures[at - 1]) if at else None
    ),
    "runningTotal": _running,
    "cumulativeShare": lambda figures, at: divided(
        _running(figures, at), _running(figures, len(figures) - 1)
    ),
    "rank": _rank_of,
}
