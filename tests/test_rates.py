"""Amounts are converted exactly, the right way round, at rates that can be named."""

import csv
import datetime as dt
import hashlib
import pickle
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlreport.analysis.currencies import minor_units
from xlreport.analysis.rates import (
    AppliedRate,
    Converter,
    NoRate,
    Quotation,
    Rate,
    RatePolicy,
    RateTable,
    rate_table,
)
from xlreport.errors import SpecError, UsageError
from xlreport.sources.rates import read_rates

REAL = Path(__file__).parents[1] / "../shared/data/exchange_rates"
ISO = Path(__file__).parents[1] / "../shared/data/iso_countries/country-codes.csv"
DAY = dt.date(2017, 6, 30)
YEAR = (dt.date(2017, 1, 1), dt.date(2017, 12, 31))
UNITS, BASE = Quotation.UNITS_PER_BASE, Quotation.BASE_PER_UNIT


def table(*rates: tuple[str, str, str, Quotation]) -> RateTable:
    return rate_table(
        "USD",
        [
            Rate(currency, dt.date.fromisoformat(date), Decimal(rate), way)
            for currency, date, rate, way in rates
        ],
        source="rates.csv",
    )


@pytest.fixture
def rates() -> RateTable:
    return table(
        ("EUR", "2017-05-31", "1.10", BASE),
        ("EUR", "2017-06-30", "1.14", BASE),
        ("EUR", "2017-07-31", "1.18", BASE),
        ("JPY", "2017-05-31", "111", UNITS),
        ("JPY", "2017-06-30", "112.5", UNITS),
        ("GBP", "2017-06-30", "1.30", BASE),
    )


def amount(converter: Converter, value: str, currency: str, on: dt.date = DAY) -> Decimal:
    found = converter.convert(Decimal(value), currency, on)
    assert found is not None
    return found.amount


def reason(converter: Converter, currency: str | None, on: dt.date | None) -> str:
    found = converter.rate(currency, on)
    assert isinstance(found, NoRate)
    return found.reason


# --- direction, rounding, cross rates -----------------------------------------------------------------


def test_base_per_unit_multiplies(rates: RateTable) -> None:
    assert amount(Converter(rates), "100", "EUR") == Decimal("114.00")


def test_units_per_base_divides(rates: RateTable) -> None:
    assert amount(Converter(rates), "11250", "JPY") == Decimal("100.00")


def test_a_cross_rate_goes_through_the_base(rates: RateTable) -> None:
    assert amount(Converter(rates, to="GBP"), "130", "EUR") == Decimal("114.00")
    assert amount(Converter(rates, to="JPY"), "100", "EUR") == Decimal(12825)


def test_from_the_base_into_another_currency(rates: RateTable) -> None:
    assert amount(Converter(rates, to="EUR"), "114", "USD") == Decimal("100.00")


def test_a_tie_is_rounded_half_to_even_once() -> None:
    thirds = Converter(table(("AAA", "2017-06-30", "3", UNITS)))
    # 0.045 / 3 is 0.015 exactly; through a rounded 1/3 it would fall just short of the tie
    assert amount(thirds, "0.045", "AAA") == Decimal("0.02")
    assert amount(thirds, "0.075", "AAA") == Decimal("0.02")


@pytest.mark.parametrize(("to", "shown"), [("JPY", "1235"), ("KWD", "1234.568"), ("EUR", "1234.57")])
def test_the_result_has_the_minor_unit_of_its_currency(to: str, shown: str) -> None:
    assert str(amount(Converter(None, to=to), "1234.5678", to)) == shown


def test_the_same_currency_needs_no_table() -> None:
    found = Converter(None).convert(Decimal("12.30"), "USD", None)
    assert found is not None
    assert (found.amount, found.rate, found.last_date, found.source) == (
        Decimal("12.30"),
        Decimal(1),
        None,
        "",
    )


def test_minus_nothing_is_nothing() -> None:
    assert str(amount(Converter(None), "-0.001", "USD")) == "0.00"


def test_the_conversion_says_rate_date_and_source(rates: RateTable) -> None:
    found = Converter(rates).convert(Decimal(100), "EUR", dt.date(2017, 6, 15))
    assert found is not None
    assert (found.rate, found.currency, found.source) == (Decimal("1.10"), "USD", "rates.csv")
    assert found.first_date == found.last_date == dt.date(2017, 5, 31)


# --- policies -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "rate"),
    [
        (dt.date(2017, 5, 31), "1.10"),
        (dt.date(2017, 6, 29), "1.10"),
        (dt.date(2017, 6, 30), "1.14"),
        (dt.date(2017, 8, 31), "1.18"),
    ],
)
def test_signing_date_takes_the_latest_rate(rates: RateTable, on: dt.date, rate: str) -> None:
    assert amount(Converter(rates), "1", "EUR", on) == Decimal(rate)


def test_signing_date_refuses_a_rate_that_is_too_old(rates: RateTable) -> None:
    assert reason(Converter(rates), "EUR", dt.date(2017, 9, 1)) == (
        "the latest rate for EUR is more than 31 days older"
    )
    assert amount(Converter(rates, max_age_days=None), "1", "EUR", dt.date(2030, 1, 1)) == Decimal("1.18")


def test_a_sparse_table_says_what_limit_fits_it() -> None:
    yearly = table(("EUR", "2015-01-01", "1.1", BASE), ("EUR", "2016-01-01", "1.2", BASE))
    advice = reason(Converter(yearly), "EUR", DAY)
    assert advice.endswith("its rates come about every 365 days, so allow 366")
    assert amount(Converter(yearly, max_age_days=366), "1", "EUR", dt.date(2016, 12, 31)) == Decimal("1.20")


def test_signing_date_before_the_first_rate(rates: RateTable) -> None:
    assert reason(Converter(rates), "EUR", dt.date(2017, 5, 30)) == "the first rate for EUR is of 2017-05-31"


def test_period_average_is_the_mean_of_the_rates_as_quoted(rates: RateTable) -> None:
    period = (dt.date(2017, 6, 1), dt.date(2017, 7, 31))
    euro = Converter(rates, policy=RatePolicy.PERIOD_AVERAGE, period=period).convert(Decimal(1), "EUR", None)
    assert euro is not None
    assert (euro.amount, euro.first_date, euro.last_date) == (Decimal("1.16"), DAY, dt.date(2017, 7, 31))
    yen = Converter(rates, policy=RatePolicy.PERIOD_AVERAGE, period=YEAR)
    assert amount(yen, "111.75", "JPY") == Decimal("1.00")


def test_period_average_without_a_rate_in_the_period(rates: RateTable) -> None:
    empty = (dt.date(2016, 1, 1), dt.date(2016, 12, 31))
    converter = Converter(rates, policy=RatePolicy.PERIOD_AVERAGE, period=empty)
    assert reason(converter, "EUR", DAY) == "there is no rate for EUR from 2016-01-01 to 2016-12-31"


def test_period_end_takes_the_last_rate_of_the_period(rates: RateTable) -> None:
    converter = Converter(rates, policy=RatePolicy.PERIOD_END, period=(YEAR[0], dt.date(2017, 7, 30)))
    assert amount(converter, "1", "EUR", dt.date(2017, 1, 1)) == Decimal("1.14")


def test_fixed_takes_one_date_for_all(rates: RateTable) -> None:
    converter = Converter(rates, policy=RatePolicy.FIXED, fixed_date=DAY)
    assert amount(converter, "1", "EUR", dt.date(1999, 1, 1)) == Decimal("1.14")


def test_a_policy_may_be_given_as_text(rates: RateTable) -> None:
    converter = Converter(rates, policy="fixed", fixed_date=DAY)
    assert converter.policy is RatePolicy.FIXED


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("periodAverage", "needs a period"),
        ("periodEnd", "needs a period"),
        ("fixed", "give a fixed date"),
        ("signingdate", "did you mean 'signingDate'?"),
    ],
)
def test_a_policy_without_its_dates_is_refused(policy: str, words: str) -> None:
    with pytest.raises(UsageError, match=words.replace("?", r"\?")):
        Converter(None, policy=policy)


# --- what has no rate ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("currency", "on", "words"),
    [
        (None, DAY, "no currency is stated"),
        ("", DAY, "no currency is stated"),
        ("EUR", None, "no date is stated"),
        ("usd", DAY, "rates.csv has no rate for 'usd'; did you mean 'USD'?"),
        ("XAU", DAY, "rates.csv has no rate for 'XAU'; it has USD, EUR, GBP and JPY"),
    ],
)
def test_the_reason_is_given(rates: RateTable, currency: str | None, on: dt.date | None, words: str) -> None:
    assert reason(Converter(rates), currency, on) == words
    assert Converter(rates).convert(Decimal(1), currency, on) is None


def test_the_target_needs_a_rate_too(rates: RateTable) -> None:
    assert reason(Converter(rates, to="CHF"), "USD", DAY).startswith("rates.csv has no rate for 'CHF'")


def test_without_a_table_other_currencies_stay() -> None:
    assert reason(Converter(None), "EUR", DAY) == "there is no rates table"


def test_a_converter_travels_to_another_process(rates: RateTable) -> None:
    converter = Converter(rates)
    converter.rate("EUR", DAY)
    assert amount(pickle.loads(pickle.dumps(converter)), "1", "EUR") == Decimal("1.14")  # noqa: S301  # our own


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (("EUR", "2017-06-30", "1.1", BASE), "given twice"),
        (("EUR", "2017-07-31", "0.9", UNITS), "unlike the one before"),
        (("JPY", "2017-07-31", "0", UNITS), "a rate is a number above zero"),
        (("JPY", "2017-07-31", "NaN", UNITS), "a rate is a number above zero"),
        (("USD", "2017-07-31", "1", UNITS), "against itself"),
    ],
)
def test_a_table_refuses_what_makes_no_sense(rate: tuple[str, str, str, Quotation], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        table(("EUR", "2017-06-30", "1.2", BASE), rate)


@pytest.mark.skipif(not ISO.exists(), reason="the ISO 3166 table does not lie beside the checkout")
def test_minor_units_agree_with_iso_4217() -> None:
    with ISO.open(encoding="utf-8", newline="") as file:
        pairs = [
            (row["ISO4217-currency_alphabetic_code"], row["ISO4217-currency_minor_unit"])
            for row in csv.DictReader(file)
        ]
    stated = {code: int(decimals) for code, decimals in pairs if len(code) == 3 and decimals.isdigit()}
    assert len(stated) > 100
    assert {code: minor_units(code) for code in stated} == stated


# --- what holds for all amounts and rates -------------------------------------------------------------

amounts = st.decimals(min_value=-(10**13), max_value=10**13, places=2)
rate_values = st.decimals(min_value=Decimal("0.0001"), max_value=100_000, places=4)
ways = st.sampled_from(Quotation)
series = st.lists(rate_values, min_size=1, max_size=12)


def monthly(currency: str, values: Sequence[Decimal], way: Quotation) -> list[Rate]:
    return [Rate(currency, dt.date(2017, month, 15), rate, way) for month, rate in enumerate(values, 1)]


def base_per_unit(values: Sequence[Decimal], way: Quotation) -> Fraction:
    mean = sum((Fraction(value) for value in values), Fraction()) / len(values)
    return mean if way is BASE else 1 / mean


def rounded(exact: Fraction, decimals: int) -> Fraction:
    return Fraction(round(exact * 10**decimals), 10**decimals)


@given(amounts, series, ways, series, ways)
def test_every_conversion_is_the_exact_fraction_rounded_once(
    value: Decimal, given_rates: list[Decimal], way: Quotation, to_rates: list[Decimal], to_way: Quotation
) -> None:
    rates = rate_table("USD", monthly("EUR", given_rates, way) + monthly("JPY", to_rates, to_way))
    exact = Fraction(value) * base_per_unit(given_rates, way)
    to_base = Converter(rates, policy=RatePolicy.PERIOD_AVERAGE, period=YEAR)
    assert Fraction(amount(to_base, str(value), "EUR")) == rounded(exact, 2)
    crossed = exact / base_per_unit(to_rates, to_way)
    to_yen = Converter(rates, to="JPY", policy=RatePolicy.PERIOD_AVERAGE, period=YEAR)
    assert Fraction(amount(to_yen, str(value), "EUR")) == rounded(crossed, 0)


@given(rate_values, ways)
def test_there_and_back_is_one(rate: Decimal, way: Quotation) -> None:
    rates = rate_table("USD", [Rate("EUR", DAY, rate, way)])
    there = Converter(rates).rate("EUR", DAY)
    back = Converter(rates, to="EUR").rate("USD", DAY)
    assert isinstance(there, AppliedRate)
    assert isinstance(back, AppliedRate)
    assert Fraction(there.numerator) * Fraction(back.numerator) == Fraction(there.denominator) * Fraction(
        back.denominator
    )
    assert abs(there.rate * back.rate - 1) < Decimal("1e-27")


@given(amounts, rate_values, ways)
def test_quoting_the_other_way_round_divides_instead(value: Decimal, rate: Decimal, way: Quotation) -> None:
    found = Converter(rate_table("USD", [Rate("EUR", DAY, rate, way)])).rate("EUR", DAY)
    assert isinstance(found, AppliedRate)
    expected = Fraction(value) * Fraction(rate) if way is BASE else Fraction(value) / Fraction(rate)
    assert Fraction(value) * Fraction(found.numerator) / Fraction(found.denominator) == expected


# --- reading ------------------------------------------------------------------------------------------


def own_file(folder: Path, *rows: str) -> Path:
    path = folder / "rates.csv"
    path.write_text("date,from,to,rate\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def refusal(spec: Path | dict[str, object], folder: Path | str = "") -> list[str]:
    with pytest.raises(SpecError) as caught:
        read_rates(spec, folder)
    return str(caught.value).splitlines()


def test_our_own_format_states_the_direction_in_each_row(tmp_path: Path) -> None:
    path = own_file(tmp_path, "2017-06-30,EUR,USD,1.14", "2017-06-30,USD,JPY,112.5")
    rates = read_rates(path)
    assert rates.base == "USD"
    assert amount(Converter(rates), "100", "EUR") == Decimal("114.00")
    assert amount(Converter(rates), "11250", "JPY") == Decimal("100.00")
    assert (rates.source, rates.sha256) == ("rates.csv", hashlib.sha256(path.read_bytes()).hexdigest())


def test_a_relative_path_is_looked_up_in_the_folder(tmp_path: Path) -> None:
    own_file(tmp_path, "2017-06-30,EUR,USD,1.14")
    assert read_rates({"path": "rates.csv"}, tmp_path).series["EUR"].rates == (Decimal("1.14"),)


def test_every_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    rows = ["30.06.2017,EUR,USD,1.14", "2017-02-30,eur,USD,1.14", "2017-06-30,EUR,USD,1,14"]
    assert refusal(own_file(tmp_path, *rows)) == [
        "rates.csv:4: 5 values for 4 columns; quote a value that has the delimiter in it."
    ]
    rows[2] = '2017-06-30,EUR,USD,"1,14"'
    assert refusal(own_file(tmp_path, *rows)) == [
        "rates.csv:2 date: '30.06.2017' is not a date; write year-month-day, such as 2017-01-31.",
        "rates.csv:3 date: '2017-02-30' is not a date; write year-month-day, such as 2017-01-31.",
        "rates.csv:3 from: 'eur' is not a currency code; write three capital letters.",
        "rates.csv:4 rate: '1,14' is not a rate: a number above zero, such as 1.1297.",
    ]


def test_rates_that_contradict_one_another_are_named_with_their_lines(tmp_path: Path) -> None:
    rows = (
        "2017-06-30,EUR,USD,1.14",
        "2017-06-30,EUR,USD,1.15",
        "2017-07-31,USD,EUR,0.9",
        "2017-07-31,GBP,USD,0",
    )
    assert refusal(own_file(tmp_path, *rows)) == [
        "rates.csv:3: The rate of EUR on 2017-06-30 is given twice; keep one of the two.",
        "rates.csv:4: The rate of EUR on 2017-07-31 is quoted units-per-base, unlike the one before.",
        "rates.csv:5: The rate of GBP on 2017-07-31 is 0; a rate is a number above zero.",
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (("2017-06-30,EUR,USD,1.14", "2017-06-30,GBP,CHF,1.2"), "no currency is in every row"),
        ((), "there are no rates"),
    ],
)
def test_a_table_needs_one_base(tmp_path: Path, rows: tuple[str, ...], words: str) -> None:
    assert refusal(own_file(tmp_path, *rows)) == [
        f"rates.csv: {words}; give rates against one base currency, such as USD."
    ]


def mapped(path: str, **members: object) -> dict[str, object]:
    columns = {"date": "Date", "currency": "Country", "rate": "Exchange rate"}
    return {"path": path, "base": "USD", "columns": columns, **members}


def test_another_format_is_read_through_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "fed.csv").write_text(
        "Date;Country;Exchange rate;Series\n"
        "2017-06-30;Euro;1.14;a\n2017-06-30;Japan;112.5;b\n2017-06-30;GBP;1.3;c\n2017-06-30;USD;1.0;d\n",
        encoding="utf-8",
    )
    spec = mapped(
        "fed.csv",
        dialect={"delimiter": ";"},
        currencies={"Euro": "EUR", "Japan": "JPY"},
        quotation={"default": "units-per-base", "base-per-unit": ["EUR", "GBP"]},
    )
    converter = Converter(read_rates(spec, tmp_path))
    assert amount(converter, "100", "EUR") == Decimal("114.00")
    assert amount(converter, "11250", "JPY") == Decimal("100.00")
    assert amount(converter, "100", "GBP") == Decimal("130.00")


def test_unknown_names_and_missing_rates_become_findings(tmp_path: Path) -> None:
    (tmp_path / "fed.csv").write_text(
        "Date,Country,Exchange rate\n2017-06-30,Euro,0.88\n2017-06-30,Euroland,1\n2017-07-31,Euroland,1\n"
        "2017-07-31,Euro,\n",
        encoding="utf-8",
    )
    found = read_rates(mapped("fed.csv", currencies={"Euro": "EUR"}), tmp_path).findings
    assert [(finding.code, str(finding.place), finding.message) for finding in found] == [
        (
            "rates-unknown-currency",
            "fed.csv:3 Country",
            "No currency is known for 'Euroland' (2 lines).",
        ),
        ("rates-empty", "fed.csv:5 Exchange rate", "There is no rate in 1 line of EUR."),
    ]


def test_the_base_cannot_have_another_rate_to_itself(tmp_path: Path) -> None:
    (tmp_path / "fed.csv").write_text("Date,Country,Exchange rate\n2017-06-30,USD,2\n", encoding="utf-8")
    assert refusal(mapped("fed.csv"), tmp_path) == [
        "fed.csv:2 Exchange rate: 2 is the rate of USD to itself."
    ]


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ({"path": ""}, "rates: there is no 'path'; name the CSV file with the rates."),
        (
            {"path": "a.csv", "colums": {}},
            "currencies and quotation; did you mean 'columns'?",
        ),
        (
            {"path": "a.csv", "base": "USD"},
            "rates: 'base' is of no use without 'columns'; leave it out, or describe the file's columns.",
        ),
        ({"path": "a.csv", "base": 7}, "rates/base: 7 is not text."),
        (
            {"path": "a.csv", "dialect": {"delimiter": "::"}},
            "rates/dialect/delimiter: '::' is not one character",
        ),
        ({"path": "a.csv", "dialect": {"quote": "'"}}, "rates/dialect: 'quote' is not known"),
        (mapped("a.csv", base="usd"), "rates/base: 'usd' is not a currency code"),
        (mapped("a.csv", columns={"date": "Date"}), "rates/columns: there is no 'currency'"),
        (
            mapped("a.csv", currencies={"Euro": "euro"}),
            "rates/currencies/Euro: 'euro' is not a currency code",
        ),
        (mapped("a.csv", quotation={"default": "x"}), "rates/quotation/default: 'x' is not known"),
        (
            mapped("a.csv", quotation={"base-per-unit": "EUR"}),
            "rates/quotation/base-per-unit: 'EUR' is not a list of currency codes.",
        ),
        (
            mapped("a.csv", quotation={"base-per-unit": ["EUR"], "units-per-base": ["EUR"]}),
            "rates/quotation: 'EUR' is not a currency code, or is there twice.",
        ),
        (mapped("a.csv", quotation={"defualt": "x"}), "did you mean 'default'?"),
    ],
)
def test_a_wrong_rates_object_is_named(spec: dict[str, object], sentence: str) -> None:
    assert sentence in refusal(spec)[0]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real exchange rates do not lie beside the checkout")
def test_real_rates_go_the_right_way() -> None:
    # The file's description calls EUR and AUD rates USD per unit; its numbers are units per USD throughout.
    spec = mapped("annual.csv", currencies={"Euro": "EUR", "Japan": "JPY", "Australia": "AUD"})
    rates = read_rates(spec, REAL)
    converter = Converter(rates, max_age_days=366)
    on = dt.date(2017, 12, 15)
    assert amount(converter, "100", "EUR", on) == Decimal("113.01")
    assert amount(converter, "11209.86", "JPY", on) == Decimal("100.00")
    assert amount(converter, "100", "AUD", on) == Decimal("76.71")
    assert amount(Converter(rates, to="EUR", max_age_days=366), "100", "USD", on) == Decimal("88.49")
    assert amount(Converter(rates, to="JPY", max_age_days=366), "100", "EUR", on) == Decimal(12668)
    assert "allow 366" in reason(Converter(rates), "EUR", on)
    assert {finding.value for finding in rates.findings} >= {"Brazil", "South Korea"}
