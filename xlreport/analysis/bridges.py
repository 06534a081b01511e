"""Compute bridges: opening balance, movements, revaluation, closing balance, for each period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import cast

from xlreport.analysis.built import BuiltTable
from xlreport.analysis.measures import Evaluator
from xlreport.analysis.periods import Period
from xlreport.analysis.results import BridgeTable, Number
from xlreport.analysis.sql import DATES, NUMBERS, Sql, quoted
from xlreport.errors import located
from xlreport.spec import records as r

__all__ = ["bridge_table"]


@dataclass(frozen=True, slots=True)
class _Ledger:
    """The table that a bridge is made from, and its fields in SQL."""

    evaluator: Evaluator
    balance: r.Revalued
    table: BuiltTable
    movement: str
    amount: str
    date: str

    def sums(self, chosen: str, condition: str, *values: object) -> list[tuple[object, Decimal | None]]:
        """Return the sum of the amounts for each value of ``chosen``."""
        select = f"SELECT {chosen}, sum({self.amount}) FROM {quoted(self.table.stored)} t "
        return self.evaluator.model.engine.rows(Sql(select + f"WHERE {condition} GROUP BY 1", values))


def bridge_table(evaluator: Evaluator, bridge: r.Bridge, history: Sequence[Period]) -> BridgeTable:
    """Return the bridge of every period of the history.

    Movements are in the base currency at the rate of each row; balances are at the rate of the last
    day. The revaluation is worked out by itself, as the growth of the gap between the two ways of
    valuing the balance, so that the bridge adding up is a check and not a definition.
    """
    ledger = _ledger(evaluator, bridge)
    amounts = {period: _amounts(ledger, period) for period in history}
    found = {name for by_name in amounts.values() for name in by_name}
    words = ledger.table.columns[bridge.movement].words
    order = [words.get(name, name) for name in bridge.order]
    movements = (*order, *sorted(found.difference(order)))
    ends = [history[0].before(), *history]
    balances = [_balance(ledger, end) for end in ends]
    gaps = [_gap(ledger, balance, end) for balance, end in zip(balances, ends, strict=True)]
    return BridgeTable(
        bridge=bridge,
        movements=movements,
        opening=tuple(balances[:-1]),
        amounts=tuple(
            tuple(amounts[period].get(name, Decimal(0)) for period in history) for name in movements
        ),
        revaluation=tuple(
            None if before is None or after is None else after - before for before, after in pairwise(gaps)
        ),
        closing=tuple(balances[1:]),
    )


def _ledger(evaluator: Evaluator, bridge: r.Bridge) -> _Ledger:
    balance = cast("r.Revalued", evaluator.spec.measure(bridge.balance))  # reading the definition saw to it
    table = evaluator.model.table(balance.table)
    with located(f"$.bridges.{bridge.name}"):
        movement, amount = table.field(bridge.movement), table.field(bridge.amount, NUMBERS)
        return _Ledger(evaluator, balance, table, movement, amount, table.field(balance.date, DATES))


def _amounts(ledger: _Ledger, period: Period) -> Mapping[str, Number]:
    """Return the sum of each kind of movement in a period."""
    rows = ledger.sums(ledger.movement, f"{ledger.date} BETWEEN ? AND ?", period.start, period.end)
    return {str(name): total or Decimal(0) for name, total in rows}


def _balance(ledger: _Ledger, end: Period) -> Number:
    balances = ledger.evaluator.balances(ledger.balance, end)
    return ledger.evaluator.model.conversions.balance(balances, end)


def _gap(ledger: _Ledger, balance: Number, end: Period) -> Number:
    """Return what the balance at the last day's rates has over the balance at the rows' own rates."""
    at_rows = ledger.sums("1", f"{ledger.date} <= ?", end.end)
    return None if balance is None else balance - (at_rows[0][1] or Decimal(0) if at_rows else Decimal(0))
