"""All currency conversions of one report: which rate counts for which row, and what had none."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Final

from xlreport.analysis.periods import Period
from xlreport.analysis.rates import AppliedRate, Converter, NoRate, RatePolicy, RateTable
from xlreport.analysis.results import Unconverted
from xlreport.language import ENGLISH, Language
from xlreport.spec.records import Parameters

__all__ = ["Conversions"]

_SHOWN: Final = Context(prec=17)
"""A rate is shown with as many digits as a cell holds; amounts are worked out from the exact fraction."""
_LEAST_AGE: Final = 31
_MOST_AGE: Final = 366


@dataclass(slots=True)
class Conversions:
    """Converts columns of amounts under the report's policy and remembers what could not be converted."""

    rates: RateTable | None
    parameters: Parameters
    period: Period
    periods: tuple[Period, ...]
    """Consecutive periods that cover the data: under the period policies a row has its own period's rate."""
    unconverted: list[Unconverted] = field(default_factory=list)
    converted_rows: int = 0
    language: Language = ENGLISH

    def rates_for(
        self, table: str, pairs: Sequence[tuple[str | None, dt.date | None, int]], *, at: str = "policy"
    ) -> list[AppliedRate | NoRate]:
        """Return the rate for each pair of currency and day, of which so many rows of ``table`` are.

        ``at`` is ``policy`` or ``previousAverage`` (constant currency); only what the policy leaves without
        a rate is noted.
        """
        found: list[AppliedRate | NoRate] = [NoRate("")] * len(pairs)
        for converter, positions in self._by_converter([date for _, date, _ in pairs], at):
            for position in positions:
                found[position] = converter.rate(*pairs[position][:2])
        if at == "policy":
            self._note(table, pairs, found)
        return found

    @staticmethod
    def shown(rate: AppliedRate) -> Decimal:
        """Return a rate as a cell shows it."""
        return _SHOWN.plus(rate.rate)

    def balance(self, amounts: Mapping[str, Decimal], on: Period) -> Decimal | None:
        """Return the sum of amounts per currency at the rates of a period's last day; None without a rate."""
        converter = self._converter(RatePolicy.PERIOD_END, on)
        total = Decimal(0)
        for currency, amount in sorted(amounts.items()):
            if amount == 0:
                continue
            converted = converter.convert(amount, currency, on.end)
            if converted is None:
                return None
            total += converted.amount
        return total

    def _note(
        self,
        table: str,
        pairs: Sequence[tuple[str | None, dt.date | None, int]],
        rates: Sequence[AppliedRate | NoRate],
    ) -> None:
        missing: dict[tuple[str, str], int] = {}
        for (currency, _, rows), rate in zip(pairs, rates, strict=True):
            if isinstance(rate, NoRate):
                key = (currency or "", rate.reason)
                missing[key] = missing.get(key, 0) + rows
            elif rate.last_date:
                self.converted_rows += rows
        self.unconverted += (
            Unconverted(table, currency, reason, rows) for (currency, reason), rows in missing.items()
        )

    def _by_converter(self, dates: Sequence[dt.date | None], at: str) -> list[tuple[Converter, list[int]]]:
        policy = RatePolicy(self.parameters.rate_policy)
        everything = list(range(len(dates)))
        if at == "previousAverage":
            return self._constant(everything)
        if policy in (RatePolicy.SIGNING_DATE, RatePolicy.FIXED):
            return [(self._converter(policy, self.period), everything)]
        groups: dict[Period, list[int]] = {}
        for position, date in enumerate(dates):
            groups.setdefault(self._period_of(date), []).append(position)
        return [(self._converter(policy, period), positions) for period, positions in groups.items()]

    def _constant(self, positions: list[int]) -> list[tuple[Converter, list[int]]]:
        """One rate for every row: the average of the period before; without one, amounts stay unconverted."""
        return [(self._converter(RatePolicy.PERIOD_AVERAGE, self.period.before()), positions)]

    def _period_of(self, date: dt.date | None) -> Period:
        if date is None:
            return self.period
        return next((period for period in self.periods if period.start <= date <= period.end), self.period)

    def _converter(self, policy: RatePolicy, period: Period) -> Converter:
        return Converter(
            self.rates,
            to=self.parameters.base_currency,
            policy=policy,
            period=(period.start, period.end),
            fixed_date=self.parameters.fixed_rate_date,
            max_age_days=_max_age(self.rates),
            language=self.language,
        )


def _max_age(rates: RateTable | None) -> int:
    """Return how old a rate may be: a month, or the table's own step where that is longer."""
    gaps = [series.usual_gap + 1 for series in rates.series.values()] if rates else []
    return min(max([_LEAST_AGE, *gaps]), _MOST_AGE)
