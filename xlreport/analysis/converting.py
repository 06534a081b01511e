"""Convert amounts inside the engine, exactly: rates are looked up for each currency and day that occurs.

The rules of rates stay in Python (`rates`), which is asked once for each pair of currency and day; the rows
are multiplied, divided and rounded half to even by the engine, in whole numbers. The few whose product is
beyond the engine's 127 bits are worked out in Python.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from xlreport.analysis.built import Draft
from xlreport.analysis.currencies import minor_units
from xlreport.analysis.rates import EXACT, AppliedRate, NoRate, multiplied
from xlreport.analysis.results import ModelColumn
from xlreport.analysis.sql import DATES, NUMBERS, Sql, column_id, quoted
from xlreport.spec import records as r
from xlreport.tables import Kind

if TYPE_CHECKING:  # the model adds columns with this module
    from xlreport.analysis.model import Model

__all__ = ["convert"]

_MOST_DIGITS: Final = 38
_LIMIT: Final = 10**_MOST_DIGITS
_NARROW: Final = 2**62
"""The engine's whole numbers reach a little further; its decimals end here."""
_FAST_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class _Pair:
    """A currency and a day, as some rows have them, with the rate for them."""

    currency: str | None
    date: dt.date | None
    largest: int
    """Of the rows' amounts, signs aside, in units of 10 ** -scale."""
    rate: AppliedRate | NoRate
    num: int
    den: int
    """From amounts in those units to minor units of the base currency: num / den, or 0 / 1 without a rate."""

    @property
    def bound(self) -> int:
        """A whole number of minor units that no converted amount reaches."""
        return self.largest * self.num // self.den + 2

    def fits(self, limit: int) -> bool:
        """Tell whether whole numbers up to ``limit`` are enough to convert the amounts."""
        return max(self.bound, 2 * self.num * self.den) < limit


def convert(model: "Model", draft: Draft, compute: r.Convert, names: Mapping[str, str]) -> None:
    """Add amount, rate and its date as columns called ``names``; None where there is no amount or no rate."""
    amount, currency, date = (
        draft.table.field(name, kinds)
        for name, kinds in ((compute.amount, NUMBERS), (compute.currency, (Kind.TEXT,)), (compute.on, DATES))
    )
    origin = f"SELECT t._row, {amount} AS amount, {currency} AS currency, CAST({date} AS DATE) AS day FROM ("
    rows = origin + draft.select + ") t"
    scale, places = _scale(model, rows), minor_units(model.conversions.parameters.base_currency)
    pairs = _pairs(model, rows, draft.table.name, compute.at, places, scale)
    wide = [pair for pair in pairs if not pair.fits(_LIMIT)]
    side = _stored(model, pairs)
    beyond = _worked_out(model, rows, wide, places) if wide else ""
    narrow = all(pair.largest < _NARROW and pair.fits(_NARROW) for pair in pairs)
    whole = "BIGINT" if narrow else "HUGEINT"
    units = _LARGE_UNITS if beyond else _UNITS
    draft.select = (
        f"SELECT * EXCLUDE (_a, _num, _den, _rate, _date, _w, _r, _q{', _units' if beyond else ''}), "
        f"{_as_money(units, max((pair.bound for pair in pairs), default=0), places)}"
        f" AS {column_id(names['amount'])}, "
        f"CASE WHEN _a IS NOT NULL THEN _rate END AS {column_id(names['rate'])}, "
        f"CASE WHEN _a IS NOT NULL THEN _date END AS {column_id(names['rateDate'])} "
        "FROM (SELECT *, _w * _num + _r // _den AS _q FROM ("
        "SELECT *, abs(_a) // _den AS _w, abs(_a) % _den * _num AS _r FROM ("
        f"SELECT t.*, {_units_of(amount, scale, whole)} AS _a, CAST(p.num AS {whole}) AS _num, "
        f"CAST(p.den AS {whole}) AS _den, p.rate AS _rate, p.date AS _date"
        f"{', CAST(w.units AS HUGEINT) AS _units' if beyond else ''} FROM ("
        + draft.select
        + f") t LEFT JOIN {quoted(side)} p ON p.currency IS NOT DISTINCT FROM {currency} "
        f"AND p.day IS NOT DISTINCT FROM CAST({date} AS DATE)"
        f"{f' LEFT JOIN {quoted(beyond)} w ON w._row = t._row' if beyond else ''}" + ")))"
    )
    draft.know(
        ModelColumn(names["amount"], "", Kind.DECIMAL, "money"),
        ModelColumn(names["rate"], "", Kind.DECIMAL),
        ModelColumn(names["rateDate"], "", Kind.DATE),
    )


# With |amount| = _w * _den + rest, the whole is _w * _num and rest * _num / _den: the products stay small.
_UNITS: Final = (
    "(_q + CASE WHEN 2 * (_r % _den) > _den OR (2 * (_r % _den) = _den AND _q % 2 = 1) THEN 1 ELSE 0 END)"
    " * sign(_a)"
)
"""Minor units of the base currency: the quotient, rounded half to even."""
_LARGE_UNITS: Final = f"COALESCE(_units, {_UNITS})"


def _pairs(model: "Model", rows: Sql, table: str, at: str, places: int, scale: int) -> list[_Pair]:
    """Return every pair of currency and day, in the order of the rows."""
    found = model.engine.rows(
        "SELECT currency, day, count(*), max(abs(amount)) FROM ("
        + rows
        + ") WHERE amount IS NOT NULL GROUP BY ALL ORDER BY min(_row)"
    )
    counted = [(currency, date, count) for currency, date, count, _ in found]
    ratios: dict[int, tuple[int, int]] = {}  # by the rate's identity: there are fewer rates than pairs
    pairs = []
    for (currency, date, _, largest), rate in zip(
        found, model.conversions.rates_for(table, counted, at=at), strict=True
    ):
        num, den = ratios.get(id(rate)) or ratios.setdefault(id(rate), _ratio(rate, places - scale))
        pairs.append(_Pair(currency, date, int(EXACT.scaleb(Decimal(largest), scale)), rate, num, den))
    return pairs


def _ratio(rate: AppliedRate | NoRate, shift: int) -> tuple[int, int]:
    if isinstance(rate, NoRate):
        return 0, 1
    return (Fraction(rate.numerator) / Fraction(rate.denominator) * Fraction(10) ** shift).as_integer_ratio()


def _scale(model: "Model", rows: Sql) -> int:
    """Return the decimal places of the column of amounts."""
    ((kind,),) = model.engine.rows("SELECT column_type FROM (DESCRIBE SELECT amount FROM (" + rows + "))")
    return int(kind.rpartition(",")[2].rstrip(")")) if kind.startswith("DECIMAL") else 0


def _stored(model: "Model", pairs: Sequence[_Pair]) -> str:
    """Store the rates by currency and day; return the table's name."""
    known = [(pair, pair.rate) for pair in pairs if isinstance(pair.rate, AppliedRate)]
    ratios = [(pair.num, pair.den) if pair.fits(_LIMIT) else (0, 1) for pair, _ in known]
    return model.store(
        {
            "currency": (Kind.TEXT, [pair.currency for pair, _ in known]),
            "day": (Kind.DATE, [pair.date for pair, _ in known]),
            "num": (Kind.INTEGER, [num for num, _ in ratios]),
            "den": (Kind.INTEGER, [den for _, den in ratios]),
            "rate": (Kind.DECIMAL, [model.conversions.shown(rate) for _, rate in known]),
            "date": (Kind.DATE, [rate.last_date for _, rate in known]),
        }
    )


def _worked_out(model: "Model", rows: Sql, wide: Sequence[_Pair], places: int) -> str:
    """Store the minor units of the rows of ``wide`` pairs, worked out in Python; return the table's name."""
    rates = {(pair.currency, pair.date): pair.rate for pair in wide}
    quantum = Decimal(1).scaleb(-places)
    units: dict[int, int] = {}
    for row, amount, currency, date in model.engine.rows(rows + " WHERE amount IS NOT NULL"):
        rate = rates.get((currency, date))
        if isinstance(rate, AppliedRate):
            units[row] = int(EXACT.scaleb(multiplied(amount, rate, quantum), places))
    return model.store({"_row": (Kind.INTEGER, list(units)), "units": (Kind.INTEGER, list(units.values()))})


def _units_of(amount: str, scale: int, whole: str) -> str:
    """Return the SQL for an amount as a ``whole`` number of 10 ** -scale."""
    if scale == 0:
        return f"CAST({amount} AS {whole})"
    before, behind = f"CAST(trunc({amount}) AS {whole})", f"{amount} - trunc({amount})"
    power = f"1{'0' * scale}"
    return (
        f"({before} * {power} + CAST(CAST({behind} AS DECIMAL({scale + 1}, {scale})) * {power} AS {whole}))"
    )


def _as_money(units: str, bound: int, places: int) -> str:
    """Return the SQL for minor units as a decimal; in 64 bits where they fit, since that is quicker."""
    digits = _FAST_DIGITS if bound < 10 ** (_FAST_DIGITS - places) else _MOST_DIGITS
    whole = f"CAST({units} AS DECIMAL({digits - places}, 0))"
    return f"{whole} * CAST(0.{'0' * (places - 1)}1 AS DECIMAL({places}, {places}))" if places else whole
