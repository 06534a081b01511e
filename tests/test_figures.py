"""Every figure, pivot and bridge of the annual results agrees with a second computation of its definition.

The second computation is `witness`: it reads the same files and imports nothing of the package.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import witness
import witness_figures
import witness_pivots
from annual_register import contract, value, write_register

from xlreport.analysis.analyse import Inputs, analyse
from xlreport.analysis.results import Analysis, PivotTable
from xlreport.pipeline import Options, check, make_plan, open_register
from xlreport.resources import workbooks_folder
from xlreport.sample import write_sample
from xlreport.sources.rates import read_rates
from xlreport.sources.regions import read_regions
from xlreport.spec import load_report
from xlreport.spec.records import AnyMeasure, Concentration, Measure, Ratio

FIFTEEN_DIGITS = Fraction(1, 10**15)
HALFWAY = {"start": dt.date(2016, 7, 1), "end": dt.date(2017, 6, 30)}
FISCAL = "2016-07-01..2017-06-30"

WITHOUT_RATE = contract("90", "P-13", "2017-12-01", "5000", "JPY", productGroup="Radios")
"""The only contract of its customer, its country and its product group."""


@dataclass(frozen=True)
class Case:
    """A register and the settings of its report, as the witness and as the package say them."""

    name: str
    settings: witness.Settings = field(default_factory=witness.Settings)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    contracts: int | None = 120
    """Of the sample; 0 for the register made by hand."""
    seed: int = 7
    more: tuple[Mapping[str, Any], ...] = ()
    """Contracts beside those of the register made by hand."""


CASES = (
    Case("default sample", contracts=None, seed=2017),
    Case("60 contracts", contracts=60, seed=3),
    Case("400 contracts", contracts=400, seed=11),
    Case("average", witness.Settings(policy="periodAverage"), {"rate_policy": "periodAverage"}),
    Case("period end", witness.Settings(policy="periodEnd"), {"rate_policy": "periodEnd"}),
    Case(
        "fixed",
        witness.Settings(policy="fixed", fixed=dt.date(2016, 6, 30)),
        {"rate_policy": "fixed", "fixed_rate_date": dt.date(2016, 6, 30)},
    ),
    Case("euros", witness.Settings(base="EUR"), {"base_currency": "EUR"}),
    Case("fiscal year", witness.Settings(**HALFWAY), {"period": FISCAL}),
    Case(
        "fiscal year, all else different",
        witness.Settings(**HALFWAY, base="EUR", policy="periodEnd", lookback=2, history=3, top=5),
        {
            "period": FISCAL,
            "base_currency": "EUR",
            "rate_policy": "periodEnd",
            "lookback_years": 2,
            "history": 3,
            "top_n": 5,
        },
    ),
    Case("an earlier year", witness.Settings(dt.date(2014, 1, 1), dt.date(2014, 12, 31)), {"period": "2014"}),
    Case("by hand", parameters={"period": "2017"}, contracts=0),
    Case("by hand, fiscal year", witness.Settings(**HALFWAY), {"period": FISCAL}, contracts=0),
    Case(
        "by hand, average",
        witness.Settings(policy="periodAverage"),
        {"period": "2017", "rate_policy": "periodAverage"},
        contracts=0,
    ),
    Case("by hand, no rate", parameters={"period": "2017"}, contracts=0, more=(WITHOUT_RATE,)),
)


@dataclass(frozen=True)
class Compared:
    """The same figures twice."""

    found: Analysis
    witnessed: witness.Facts


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.name)
def compared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Compared:
    case: Case = request.param
    folder = tmp_path_factory.mktemp("register")
    if case.contracts == 0:
        write_register(folder, *case.more)
    else:
        write_sample(folder, contracts=case.contracts, seed=case.seed)
    return Compared(analysed(folder, **case.parameters), witness.facts(folder, case.settings))


def analysed(folder: Path, **parameters: object) -> Analysis:
    opened = open_register(folder)
    checked = check(opened)
    assert [finding.message for finding in checked.findings.errors] == []
    rates = read_rates(opened.dataset.rates, opened.dataset.folder)
    regions = read_regions(workbooks_folder() / "regions.csv")
    return analyse(load_report("annual-results", **parameters), Inputs(checked.used(), regions, rates))


def agree(found: object, expected: witness_figures.Number, *, to: Fraction = Fraction(0)) -> bool:
    """Tell whether two numbers are equal, or relatively as near as ``to`` allows; None is only None."""
    if found is None or expected is None:
        return found is expected
    assert isinstance(found, int | Decimal)
    return abs(Fraction(found) - expected) <= abs(expected) * to


def shown(number: witness_figures.Number) -> str:
    return "None" if number is None else f"{float(number):.17g}"


# --- figures ----------------------------------------------------------------------------------------


def _is_quotient(measure: AnyMeasure) -> bool:
    return isinstance(measure, Ratio | Concentration) or (
        isinstance(measure, Measure) and measure.aggregate == "mean"
    )


def test_every_figure_agrees(compared: Compared) -> None:
    expected = witness_figures.figures(compared.witnessed)
    assert list(compared.found.figures) != []
    assert set(compared.found.figures) == set(expected)
    differing = [
        f"{name} in {period.label}: {value}, witness {shown(wanted)}"
        for name, figure in compared.found.figures.items()
        for period, value, wanted in zip(compared.found.history, figure.values, expected[name], strict=True)
        if not agree(value, wanted, to=FIFTEEN_DIGITS if _is_quotient(figure.measure) else Fraction(0))
    ]
    assert differing == []


def test_figures_are_whole_numbers_where_they_count_and_decimals_where_they_measure(
    compared: Compared,
) -> None:
    for name, figure in compared.found.figures.items():
        kind = int if figure.measure.unit == "count" else Decimal
        assert {type(value) for value in figure.values} <= {kind, type(None)}, name


# --- pivots -----------------------------------------------------------------------------------------


def test_every_pivot_agrees_row_by_row(compared: Compared) -> None:
    expected = witness_pivots.pivots(compared.witnessed)
    assert set(compared.found.pivots) == set(expected)
    differing = [
        difference
        for name, table in compared.found.pivots.items()
        for difference in _pivot_differences(name, table, expected[name])
    ]
    assert differing == []


def _pivot_differences(
    name: str, table: PivotTable, expected: Sequence[witness_pivots.PivotRow]
) -> Iterator[str]:
    found = [(row.kind, row.labels) for row in table.rows]
    wanted = [(row.kind, row.labels) for row in expected]
    if found != wanted:
        yield f"{name} has the rows {found}, witness {wanted}"
        return
    tolerances = [FIFTEEN_DIGITS if unit == "percent" else Fraction(0) for unit in table.units]
    for row, wanted_row in zip(table.rows, expected, strict=True):
        for column, (number, wanted_number) in enumerate(zip(row.values, wanted_row.values, strict=True)):
            if not agree(number, wanted_number, to=tolerances[column % len(tolerances)]):
                yield f"{name}, {row.labels}, column {column}: {number}, witness {shown(wanted_number)}"


def test_pivots_by_period_name_the_periods(compared: Compared) -> None:
    labels = [witness.label(days) for days in compared.witnessed.periods]
    for name in ("regionByYear", "productsByYear", "inflowByYear"):
        table = compared.found.pivots[name]
        items = [item.labels[0] for item in table.items]
        assert items == [*labels, "Total"] or not table.rows, name


@pytest.mark.parametrize(
    ("pivot", "column", "measure"),
    [
        ("regionByYear", -2, "signedValue"),
        ("productsByYear", -2, "signedValue"),
        ("inflowByYear", -2, "inflow"),
        ("subregions", 0, "customerCountries"),
        ("subregions", 2, "signedValue"),
        ("countries", 0, "contractsSigned"),
        ("countries", 1, "customers"),
        ("countries", 2, "signedValue"),
        ("topCustomers", 1, "signedValue"),
        ("standingByRegion", -1, "customerStandings"),
        ("newCustomersByRegion", 0, "newCustomers"),
        ("newCustomersByRegion", 1, "newCustomerValue"),
        ("newCustomersByRegion", 2, "conversions"),
        ("markets", 0, "marketCount"),
        ("markets", 1, "marketContracts"),
        ("markets", 2, "marketValue"),
        ("forms", 0, "contractsSigned"),
        ("forms", 3, "signedValue"),
        ("firstForms", 0, "firstForms"),
        ("firstFormsTraditional", 0, "firstFormsTraditional"),
        ("categories", 1, "signedValue"),
        ("products", 2, "signedValue"),
        ("contributorsByCountry", 0, "contributors"),
        ("scheduled", 0, "scheduledInflow"),
    ],
)
def test_the_grand_total_of_a_pivot_is_the_figure(
    compared: Compared, pivot: str, column: int, measure: str
) -> None:
    total = compared.found.pivots[pivot].total
    figure = compared.found.figures[measure].current
    assert (total.values[column] if total else 0) == figure


# --- the order book ---------------------------------------------------------------------------------


def test_the_order_book_agrees(compared: Compared) -> None:
    expected = witness_figures.bridge(compared.witnessed)
    assert _bridge_lines(compared.found) == expected


def _bridge_lines(found: Analysis) -> dict[str, list[Fraction | None]]:
    bridge = found.bridges["orderBook"]
    lines = {
        "opening": bridge.opening,
        **dict(zip(bridge.movements, bridge.amounts, strict=True)),
        "revaluation": bridge.revaluation,
        "closing": bridge.closing,
    }
    return {
        name: [None if number is None else Fraction(number) for number in numbers]
        for name, numbers in lines.items()
    }


def test_the_order_book_adds_up_and_carries_over(compared: Compared) -> None:
    bridge = compared.found.bridges["orderBook"]
    assert bridge.opening[1:] == bridge.closing[:-1]
    assert bridge.closing == compared.found.figures["orderBook"].values
    for position, closing in enumerate(bridge.closing):
        opening, revaluation = bridge.opening[position], bridge.revaluation[position]
        if closing is None or opening is None:
            assert revaluation is None
        else:
            moved = [amounts[position] for amounts in bridge.amounts]
            assert sum((opening, *moved, revaluation)) == closing


def test_the_order_book_holds_the_figures_that_have_a_name(compared: Compared) -> None:
    movements = dict(
        zip(
            compared.found.bridges["orderBook"].movements,
            compared.found.bridges["orderBook"].amounts,
            strict=True,
        )
    )
    assert movements["Signed"] == compared.found.figures["signedValue"].values
    delivered = compared.found.figures["deliveredValue"].values
    assert [-amount for amount in movements["Delivered"]] == list(delivered)


# --- identities -------------------------------------------------------------------------------------


def test_new_returning_and_retained_customers_are_the_customers(compared: Compared) -> None:
    figures = compared.found.figures
    parts = ("newCustomers", "returningCustomers", "retainedCustomers")
    for position, customers in enumerate(figures["customers"].values):
        assert sum(figures[name].values[position] for name in parts) == customers
        lapsed = figures["lapsedCustomers"].values[position]
        assert customers + lapsed == figures["customerStandings"].values[position]


def test_markets_with_a_contract_are_the_customer_countries(compared: Compared) -> None:
    standing = {row.labels[0]: row.values[0] for row in compared.found.pivots["markets"].body}
    without = standing.get("Without a contract", 0)
    markets = compared.found.figures["marketCount"].current
    assert markets - without == compared.found.figures["customerCountries"].current


@pytest.mark.parametrize(
    ("sheet", "column", "mark", "measure"),
    [
        ("Contract data", "signedValue", "signedValue", "signedValue"),
        ("Payment data", "paidValue", "inflow", "inflow"),
        ("Customer standings", "amount", "newCustomers", "newCustomerValue"),
        ("Customer standings", "amount", "customerStandings", "signedValue"),
    ],
)
def test_the_marked_rows_of_a_data_sheet_add_up_to_the_figure(
    compared: Compared, sheet: str, column: str, mark: str, measure: str
) -> None:
    table = compared.found.data[sheet]
    names = [known.name for known in table.columns]
    amounts = table.data[names.index(column)]
    marks = table.data[table.marks[mark]]
    assert set(marks) <= {"Yes", "No"}
    total = sum(
        (amount for amount, mark in zip(amounts, marks, strict=True) if mark == "Yes" and amount is not None),
        Decimal(0),
    )
    assert total == compared.found.figures[measure].current


def test_the_rate_shown_gives_the_value_shown(compared: Compared) -> None:
    table = compared.found.data["Contract data"]
    columns = dict(zip((column.name for column in table.columns), table.data, strict=True))
    names = ("id", "valueAtSigning", "rate", "signedValue")
    rows = list(zip(*(columns[name] for name in names), strict=True))
    differing = [
        (id_, amount * rate, worth)
        for id_, amount, rate, worth in rows
        if rate is not None and abs(amount * rate - worth) > Decimal("0.005000001")
    ]
    assert differing == []


def test_the_marked_partners_are_as_many_as_the_figures_say(compared: Compared) -> None:
    table = compared.found.data["Partner data"]
    for measure in ("customers", "contributors"):
        marked = table.data[table.marks[measure]].count("Yes")
        assert marked == compared.found.figures[measure].current


def test_data_sheets_hold_every_row(compared: Compared) -> None:
    known = compared.witnessed
    heights = {name: table.height for name, table in compared.found.data.items()}
    assert heights["Contract data"] == len(known.contracts)
    assert heights["Partner data"] == len(known.partners)
    assert heights["Payment data"] == len(known.payments)
    assert heights["Order book entries"] == len(known.entries)


# --- gaps in the data -------------------------------------------------------------------------------


def by_hand(folder: Path, *more: Mapping[str, Any]) -> Analysis:
    write_register(folder, *more)
    return analysed(folder, period="2017")


def labels(table: PivotTable) -> list[tuple[str, ...]]:
    return [row.labels for row in table.rows]


def test_an_amount_without_a_rate_is_told_and_its_row_stays(tmp_path: Path) -> None:
    found = by_hand(tmp_path, WITHOUT_RATE)
    assert ("contracts", "JPY", 1) in [
        (entry.table, entry.currency, entry.rows) for entry in found.quality.unconverted
    ]
    assert found.figures["orderBook"].current is None
    assert ("Asia-Pacific", "Japan") in labels(found.pivots["regionByYear"])
    assert ("Radios",) in labels(found.pivots["productsByYear"])


def test_two_customers_of_one_name_are_two_customers(tmp_path: Path) -> None:
    found = by_hand(tmp_path, contract("91", "P-14", "2017-12-02", "77.00"))
    assert len(found.pivots["topCustomers"].body) == found.figures["customers"].current


def test_customers_without_a_country_are_not_missing_among_the_markets(tmp_path: Path) -> None:
    found = by_hand(tmp_path)
    total = found.pivots["markets"].total
    assert total is not None
    assert total.values[2] == found.figures["signedValue"].current


def test_the_statement_names_no_gap_as_a_region(tmp_path: Path) -> None:
    write_register(tmp_path)
    plan = make_plan("annual-results", tmp_path, Options(parameters={"period": "2017"}))
    texts = [str(row[0]) for block in plan.sheet("Statement").blocks for row in block.rows() if row]
    assert any("signed for the first time, in Africa" in text for text in texts)
    assert not any("Not stated" in text for text in texts)


def test_an_amendment_that_says_one_value_only_changes_no_value(tmp_path: Path) -> None:
    before = by_hand(tmp_path)
    amendments = [{"id": "A1", "date": "2017-12-05", "valueAfter": value("150.00")}]
    after = by_hand(tmp_path, contract("92", "P-01", "2017-12-01", "150.00", amendments=amendments))
    grown = after.figures["orderBook"].current - before.figures["orderBook"].current
    assert grown == Decimal("150.00")
