"""Amounts converted inside the engine are those that are converted one by one, whatever their size."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlreport import arrays
from xlreport.analysis.conversions import Conversions
from xlreport.analysis.engine import Engine
from xlreport.analysis.model import Model
from xlreport.analysis.periods import Period, covering
from xlreport.analysis.rates import Converter, Quotation, Rate, RateTable, rate_table
from xlreport.analysis.regions import Regions
from xlreport.analysis.results import Unconverted
from xlreport.analysis.sql import Sql, column_id, quoted
from xlreport.spec import Parameters
from xlreport.spec import records as r
from xlreport.tables import Column, Kind, Table

Row = tuple[Decimal | None, str | None, dt.date | None]
Converted = tuple[Decimal | None, Decimal | None, dt.date | None]

YEAR = Period(dt.date(2017, 1, 1), dt.date(2017, 12, 31))
KINDS = {"amount": Kind.DECIMAL, "currency": Kind.TEXT, "day": Kind.DATE}
OLDEST = 152
"""Days; the rates of EUR come every 151, and a rate may be that old."""
RATES = rate_table(
    "USD",
    [
        Rate("EUR", dt.date(2017, 1, 15), Decimal("1.1"), Quotation.BASE_PER_UNIT),
        Rate("EUR", dt.date(2017, 6, 15), Decimal("1.1234567"), Quotation.BASE_PER_UNIT),
        Rate("JPY", dt.date(2017, 1, 15), Decimal("112.37"), Quotation.UNITS_PER_BASE),
        Rate("KWD", dt.date(2016, 12, 15), Decimal("0.30512"), Quotation.UNITS_PER_BASE),
    ],
    source="rates.csv",
)


def conversions(rates: RateTable, **parameters: str) -> Conversions:
    return Conversions(rates, Parameters(**parameters), YEAR, covering(YEAR, []))  # type: ignore[arg-type]


def converted(rows: list[Row], found: Conversions) -> list[Converted]:
    """Return amount, rate and the rate's date of each row, as the engine gives them."""
    columns = {
        name: arrays.joined(kind, [arrays.array(kind, [row[at] for row in rows], name)], name)
        for at, (name, kind) in enumerate(KINDS.items())
    }
    positions = arrays.array(Kind.INTEGER, range(len(rows)), "positions")
    data = Table("sales", "Sales", tuple(Column(n, n, k) for n, k in KINDS.items()), columns, positions)
    engine = Engine()
    model = Model(engine, covering(YEAR, []), (YEAR,), Regions(()), found)
    model.load({"sales": data})
    takes = ("amount", "rate", "rateDate")
    specs = (r.ColumnSpec(f"c{take}", "", r.Convert("amount", "currency", "day", take)) for take in takes)  # type: ignore[arg-type]
    model.build(r.TableSpec("converted", "", r.From("sales"), tuple(specs)))
    names = ", ".join(column_id(f"c{take}") for take in takes)
    stored = quoted(model.tables["converted"].stored)
    result = engine.rows(Sql(f"SELECT {names} FROM {stored} ORDER BY _row"))  # noqa: S608  # names are ours
    engine.close()
    return result  # type: ignore[return-value]


places = st.integers(0, 6)
amounts = places.flatmap(
    lambda places: (
        st.decimals(-(10**13), 10**13, places=places) | st.decimals(-(10**30), 10**30, places=places)
    )
)
rows = st.lists(
    st.tuples(
        amounts | st.none(),
        st.sampled_from(["EUR", "JPY", "USD", "KWD", "XAU", None]),
        st.dates(dt.date(2016, 12, 1), dt.date(2017, 12, 31)) | st.none(),
    ),
    max_size=12,
)


@given(rows, st.sampled_from(["USD", "JPY", "KWD", "EUR"]))
def test_the_engine_and_single_amounts_agree(sales: list[Row], base: str) -> None:
    by_hand = Converter(RATES, to=base, max_age_days=OLDEST)
    single = [
        by_hand.convert(amount, currency, day) if amount is not None else None
        for amount, currency, day in sales
    ]
    found = conversions(RATES, base_currency=base)
    result = converted(sales, found)
    assert [amount for amount, _, _ in result] == [one and one.amount for one in single]
    assert [date for _, _, date in result] == [one and one.last_date for one in single]
    missing = sum(1 for row, one in zip(sales, single, strict=True) if row[0] is not None and one is None)
    assert sum(line.rows for line in found.unconverted) == missing


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("0.125", "0.12"), ("0.135", "0.14"), ("-0.125", "-0.12"), ("-0.135", "-0.14"), ("0.1251", "0.13")],
)
def test_halves_go_to_the_even_cent(amount: str, expected: str) -> None:
    ((found, rate, date),) = converted([(Decimal(amount), "USD", None)], conversions(RATES))
    assert (found, rate, date) == (Decimal(expected), Decimal(1), None)


def test_what_is_beyond_the_engine_is_worked_out_all_the_same() -> None:
    amount = Decimal("1234567890123456789012345678901.55")
    ((found, _, _),) = converted(
        [(amount, "EUR", dt.date(2017, 6, 1))], conversions(RATES, base_currency="JPY")
    )
    one = Converter(RATES, to="JPY", max_age_days=OLDEST).convert(amount, "EUR", dt.date(2017, 6, 1))
    assert one is not None
    assert found == one.amount


def test_what_has_no_rate_is_counted_with_its_reason_once() -> None:
    day, early = dt.date(2017, 2, 1), dt.date(2017, 1, 5)
    one = Decimal(1)
    found = conversions(RATES)
    sales: list[Row] = [(one, "EUR", day), (one, "XAU", day), (None, "XAU", day), (one, "EUR", early)]
    result = converted([*sales, (one, "XAU", early), (one, "USD", None)], found)
    assert [amount for amount, _, _ in result] == [Decimal("1.10"), None, None, None, None, Decimal("1.00")]
    assert found.unconverted == [
        Unconverted("converted", "XAU", found.unconverted[0].reason, 2),
        Unconverted("converted", "EUR", "the first rate for EUR is of 2017-01-15", 1),
    ]
    assert found.converted_rows == 1
