"""Pivots: every cell is computed from the rows that belong to it, exactly, and no row is dropped."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sales import Sale, analysis, report

from xlreport.analysis.results import Number, PivotRow, PivotTable
from xlreport.errors import SpecError, UsageError

NOT_STATED = "Not stated"


def pivot_of(sales: Sequence[Sale], *values: object, **pivot: object) -> PivotTable:
    """Return the pivot of ``sales`` for 2017 with one value field for each of ``values``."""
    return analysis(sales, report(values, **pivot)).pivots["pivot"]


def lines(found: PivotTable) -> list[tuple[str, ...]]:
    """Return each row as its labels and values, as text."""
    return [(*row.labels, *map(str, row.values)) for row in found.rows]


def item_labels(found: PivotTable) -> list[str]:
    """Return the first label of each column item."""
    return [item.labels[0] for item in found.items]


def first_labels(found: PivotTable) -> list[str]:
    return [row.labels[0] for row in found.rows if row.kind != "total"]


# --- against a plain computation ----------------------------------------------------------------------

AGGREGATES: Mapping[str, Callable[[list[Sale]], object]] = {
    "value": lambda sales: sum(_amounts(sales)) if _amounts(sales) else None,
    "rows": len,
    "buyers": lambda sales: len({sale.customer for sale in sales} - {None}),
    "mean": lambda sales: Fraction(sum(_amounts(sales))) / len(_amounts(sales)) if _amounts(sales) else None,
    "median": lambda sales: median(map(Fraction, _amounts(sales))) if _amounts(sales) else None,
    "largest": lambda sales: max(_amounts(sales), default=None),
    "smallest": lambda sales: min(_amounts(sales), default=None),
}


def _amounts(sales: Iterable[Sale]) -> list[Decimal]:
    return [sale.amount for sale in sales if sale.amount is not None]


def _equal(found: Number, expected: Any) -> bool:
    """Tell whether a number is the expected one; a mean that never ends has 17 digits."""
    if found is None or expected is None:
        return found is expected
    exact = Fraction(expected)
    if isinstance(expected, Fraction) and found != exact:
        return abs(Fraction(found) - exact) <= abs(exact) / 10**16
    return Fraction(found) == exact


def _label(value: object) -> str:
    return NOT_STATED if value is None else str(value)


def _under(sales: Iterable[Sale], row: PivotRow, *fields: str) -> list[Sale]:
    """Return the sales that a row of a pivot stands for."""
    chosen = dict(zip(fields[: row.level], row.labels, strict=False))
    return [
        sale for sale in sales if all(_label(getattr(sale, name)) == label for name, label in chosen.items())
    ]


def _some(*values: object) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


SALES = st.lists(
    st.builds(
        Sale,
        region=_some("North", "Nord", "South", "Ägäis", None),
        product=_some("Pumps", "Valves", None),
        customer=_some("A", "B", "C", None),
        amount=st.none() | st.decimals(min_value=-(10**9), max_value=10**9, places=3),
        year=_some(2014, 2015, 2016, 2017),
    ),
    max_size=12,
)


@settings(max_examples=30)
@given(SALES)
def test_every_level_is_computed_from_its_rows(sales: list[Sale]) -> None:
    found = pivot_of(sales, "rows", *AGGREGATES, rows=["region", "product"])
    current = [sale for sale in sales if sale.year == 2017]
    keys = {(_label(sale.region), _label(sale.product)) for sale in current}
    assert {row.labels for row in found.rows if row.kind == "body"} == keys
    assert {row.labels[0] for row in found.rows if row.kind == "subtotal"} == {region for region, _ in keys}
    assert len(found.rows) == len({row.labels for row in found.rows})
    for row in found.rows:
        under = _under(current, row, "region", "product")
        for (name, aggregate), value in zip(AGGREGATES.items(), row.values[1:], strict=True):
            assert _equal(value, aggregate(under)), (row.labels, name)


@settings(max_examples=30)
@given(SALES)
def test_every_period_has_its_column_and_the_total_is_of_all_rows(sales: list[Sale]) -> None:
    found = pivot_of(sales, "rows", "buyers", columns=["period"])
    assert item_labels(found) == ["2015", "2016", "2017", "Total"]
    for row in found.rows:
        under = [sale for sale in _under(sales, row, "region") if sale.year >= 2015]
        years = [[sale for sale in under if sale.year == year] for year in (2015, 2016, 2017)]
        for part, rows, buyers in zip((*years, under), row.values[::2], row.values[1::2], strict=True):
            assert (rows or 0) == len(part)
            assert (buyers or 0) == AGGREGATES["buyers"](part)


@settings(max_examples=30)
@given(SALES)
def test_a_column_field_has_a_column_per_label_and_a_total(sales: list[Sale]) -> None:
    found = pivot_of(sales, "rows", "buyers", columns=["product"])
    current = [sale for sale in sales if sale.year == 2017]
    labels = sorted(
        {_label(sale.product) for sale in current}, key=lambda label: (label == NOT_STATED, label)
    )
    assert item_labels(found) == [*labels, "Total"]
    for row in found.rows:
        under = _under(current, row, "region")
        parts = [[sale for sale in under if _label(sale.product) == label] for label in labels]
        for part, rows, buyers in zip((*parts, under), row.values[::2], row.values[1::2], strict=True):
            assert (rows or 0) == len(part)
            assert (buyers or 0) == AGGREGATES["buyers"](part)


@settings(max_examples=30)
@given(SALES, st.integers(1, 4))
def test_what_a_top_leaves_over_is_computed_from_its_rows(sales: list[Sale], most: int) -> None:
    values = [*AGGREGATES, {"measure": "rows", "show": "cumulativeShare"}]
    found = pivot_of(sales, *values, sort={"by": 2}, top={"n": most, "other": "Others"})
    current = [sale for sale in sales if sale.year == 2017]
    kept = [row.labels[0] for row in found.rows if row.kind == "body"]
    rest = [sale for sale in current if _label(sale.region) not in kept]
    other = [row for row in found.rows if row.kind == "other"]
    left = {_label(sale.region) for sale in rest}
    assert [row.labels[0] for row in other] == ([f"Others ({len(left)})"] if rest else [])
    for row in other:
        for (name, aggregate), value in zip(AGGREGATES.items(), row.values[:-1], strict=True):
            assert _equal(value, aggregate(rest)), name
    if found.body:
        assert found.body[-1].values[-1] == 1
    counts = [row.values[1] for row in found.rows if row.kind == "body"]
    assert counts == sorted(counts, reverse=True)
    assert len(counts) == min(most, len({_label(sale.region) for sale in current}))


# --- exactness ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amounts", "total"),
    [
        (["0.10"] * 3, "0.30"),
        (["0.1", "0.02", "0.003"], "0.123"),
        (["3023920611864.11", "0.01"], "3023920611864.12"),
        (["9007199254740993", "2"], "9007199254740995"),
        (["12345678901234567890.12", "0.01", "-0.02"], "12345678901234567890.11"),
        (["1E+3", "0.5"], "1000.5"),
        (["5", "-5"], "0"),
    ],
)
def test_sums_are_exact_to_the_last_digit(amounts: list[str], total: str) -> None:
    found = pivot_of([Sale(amount=Decimal(amount)) for amount in amounts], "value")
    assert [row.values for row in found.rows] == [(Decimal(total),), (Decimal(total),)]


@pytest.mark.parametrize(
    ("amounts", "mean", "middle"),
    [
        (["1"], "1", "1"),
        (["0.01", "0.02"], "0.015", "0.015"),
        (["1", "2", "4"], "2.3333333333333333", "2"),
        (["-1.25", "1.24", "7", "8"], "3.7475", "4.12"),
        (["12345678901234567890.10", "12345678901234567890.30"], None, "12345678901234567890.20"),
    ],
)
def test_means_have_17_digits_and_medians_all(amounts: list[str], mean: str | None, middle: str) -> None:
    found = pivot_of([Sale(amount=Decimal(amount)) for amount in amounts], "mean", "median")
    assert found.rows[0].values[1] == Decimal(middle)
    assert mean is None or found.rows[0].values[0] == Decimal(mean)


def test_a_sum_beyond_what_can_be_held_exactly_is_refused_in_a_sentence() -> None:
    sales = [Sale(amount=Decimal("9" * 38)), Sale(amount=Decimal("9" * 38))]
    with pytest.raises(UsageError, match="exactly"):
        pivot_of(sales, "value")


def test_distinct_counts_are_not_sums_of_distinct_counts() -> None:
    sales = [
        Sale("North", "Pumps", "A"),
        Sale("North", "Valves", "A"),
        Sale("North", "Valves", "B"),
        Sale("South", "Pumps", "A"),
        Sale("South", "Pumps", None),
    ]
    assert lines(pivot_of(sales, "buyers", rows=["region", "product"])) == [
        ("North", "", "2"),
        ("North", "Pumps", "1"),
        ("North", "Valves", "2"),
        ("South", "", "1"),
        ("South", "Pumps", "1"),
        ("Total", "", "2"),
    ]


def test_ratios_are_computed_from_the_sums_of_their_level() -> None:
    sales = [
        Sale("North", customer="A", amount=Decimal(10)),
        Sale("North", customer="B", amount=Decimal(20)),
        Sale("South", customer="A", amount=Decimal(90)),
    ]
    found = pivot_of(sales, "valuePerBuyer")
    assert lines(found) == [("North", "15"), ("South", "90"), ("Total", "60")]


def test_a_ratio_with_nothing_above_the_line_is_zero() -> None:
    sales = [Sale("North", urgent=True), Sale("South", urgent=False)]
    found = pivot_of(sales, "urgentShare", "urgentValueShare")
    assert lines(found) == [("North", "1", "1"), ("South", "0", "0"), ("Total", "0.5", "0.5")]


def test_a_ratio_with_nothing_below_the_line_is_no_number() -> None:
    found = pivot_of([Sale(customer=None), Sale("South")], "valuePerBuyer", "rows")
    assert lines(found) == [("North", "None", "1"), ("South", "1", "1"), ("Total", "2", "2")]


# --- labels -------------------------------------------------------------------------------------------


def test_missing_labels_have_rows_of_their_own_and_come_last() -> None:
    sales = [Sale(None, "Pumps"), Sale("Zone", None), Sale("Zone", "Valves"), Sale(None, None)]
    assert lines(pivot_of(sales, "rows", rows=["region", "product"])) == [
        ("Zone", "", "2"),
        ("Zone", "Valves", "1"),
        ("Zone", NOT_STATED, "1"),
        (NOT_STATED, "", "2"),
        (NOT_STATED, "Pumps", "1"),
        (NOT_STATED, NOT_STATED, "1"),
        ("Total", "", "4"),
    ]


def test_labels_that_differ_by_case_or_blanks_only_are_one_and_a_remark_says_so() -> None:
    spellings = ["north", "North", "NORTH", "north", "no  rth", "No\u00a0rth ", "South"]
    found = pivot_of([Sale(name) for name in spellings], "rows")
    assert lines(found) == [("No rth", "2"), ("north", "4"), ("South", "1"), ("Total", "7")]
    assert len(found.remarks) == 1
    assert found.remarks[0].startswith("Region: ")
    assert "'NORTH' with 'north'" in found.remarks[0]


def test_a_label_that_reads_like_a_total_is_none() -> None:
    found = pivot_of([Sale("Total"), Sale("Other (2)"), Sale(None)], "rows")
    assert [row.kind for row in found.rows] == ["body", "body", "body", "total"]
    assert lines(found) == [("Other (2)", "1"), ("Total", "1"), (NOT_STATED, "1"), ("Total", "3")]
    assert found.remarks == ()


def test_a_text_that_says_not_stated_is_missing_and_a_remark_says_so() -> None:
    found = pivot_of([Sale("not  stated"), Sale(None), Sale("North")], "rows")
    assert lines(found) == [("North", "1"), (NOT_STATED, "2"), ("Total", "3")]
    assert found.remarks == ("Region: rows that say 'Not stated' are counted with those that have no value.",)


def test_a_blank_label_is_a_missing_one() -> None:
    found = pivot_of([Sale(""), Sale("  "), Sale("\u00a0"), Sale(None), Sale("North")], "rows")
    assert lines(found) == [("North", "1"), (NOT_STATED, "4"), ("Total", "5")]


def test_numbers_are_ordered_as_numbers() -> None:
    found = pivot_of([Sale(size=size) for size in (10, 9, 100, None)], "rows", rows=["size"])
    assert first_labels(found) == ["9", "10", "100", NOT_STATED]


def test_yes_and_no_are_words() -> None:
    found = pivot_of([Sale(urgent=True), Sale(urgent=False), Sale(urgent=None)], "rows", rows=["urgent"])
    assert first_labels(found) == ["No", "Yes", NOT_STATED]


# --- share, running share, change ---------------------------------------------------------------------

RANKED = (
    Sale("East", amount=Decimal(10)),
    Sale("West", amount=Decimal(60)),
    Sale("North", amount=Decimal(30)),
    Sale("West", amount=Decimal(40), year=2016),
    Sale("East", amount=Decimal(0), year=2016),
    Sale("South", amount=Decimal(7), year=2016),
)


def shown(measure: str, show: str) -> dict[str, str]:
    return {"measure": measure, "show": show}


def test_shares_are_of_the_grand_total_and_run_in_the_order_of_the_rows() -> None:
    found = pivot_of(
        RANKED, "value", shown("value", "share"), shown("value", "cumulativeShare"), sort={"by": 1}
    )
    assert lines(found) == [
        ("West", "60", "0.6", "0.6"),
        ("North", "30", "0.3", "0.9"),
        ("East", "10", "0.1", "1"),
        ("Total", "100", "1", "None"),
    ]


def test_shares_below_a_subtotal_are_of_the_grand_total_but_run_within_it() -> None:
    sales = [Sale("North", "Pumps"), Sale("North", "Valves"), Sale("South", "Pumps"), Sale("South", "Pumps")]
    values = [shown("rows", "share"), shown("rows", "cumulativeShare")]
    assert lines(pivot_of(sales, *values, rows=["region", "product"])) == [
        ("North", "", "0.5", "None"),
        ("North", "Pumps", "0.25", "0.5"),
        ("North", "Valves", "0.25", "1"),
        ("South", "", "0.5", "None"),
        ("South", "Pumps", "0.5", "1"),
        ("Total", "", "1", "None"),
    ]


def test_a_change_is_from_the_period_before_where_both_have_rows() -> None:
    found = pivot_of(RANKED, "value", shown("value", "change"), shown("value", "changePercent"))
    assert lines(found) == [
        ("East", "10", "10", "None"),  # from nothing there is no percentage
        ("North", "30", "None", "None"),
        ("West", "60", "20", "0.5"),
        ("Total", "100", "53", "1.1276595744680851"),
    ]


def test_every_column_has_the_change_on_the_one_before_it() -> None:
    sales = [*RANKED, Sale("West", amount=Decimal(50), year=2014)]
    found = pivot_of(sales, shown("rows", "change"), columns=["period"])
    assert item_labels(found) == ["2015", "2016", "2017"]  # changes do not add up over time
    west = next(row for row in found.rows if row.labels == ("West",))
    assert west.values == (None, None, 0)


# --- order --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ({"by": 0}, ["East", "North", "West"]),
        ({"by": 0, "descending": True}, ["West", "North", "East"]),
        ({"by": 1}, ["West", "North", "East"]),
        ({"by": 1, "descending": False}, ["East", "North", "West"]),
        ({"by": 2}, ["West", "North", "East"]),
        ({"by": 3}, ["West", "East", "North"]),
        ({"by": 3, "descending": False}, ["East", "West", "North"]),
    ],
)
def test_rows_are_in_the_order_of_the_value_that_is_shown(sort: Mapping[str, Any], order: list[str]) -> None:
    values = ["value", shown("value", "share"), shown("value", "change")]
    assert first_labels(pivot_of(RANKED, *values, sort=sort)) == order


def test_rows_of_equal_value_are_in_the_order_of_the_alphabet() -> None:
    sales = [Sale(name) for name in ("delta", "Alpha", "charlie", "Bravo")]
    assert first_labels(pivot_of(sales, "value", sort={"by": 1})) == ["Alpha", "Bravo", "charlie", "delta"]


def test_rows_without_the_figure_come_last_in_either_direction() -> None:
    sales = [Sale("Alpha", amount=None), Sale("Bravo", amount=Decimal(-5)), Sale("Charlie")]
    for descending, order in ((True, ["Charlie", "Bravo", "Alpha"]), (False, ["Bravo", "Charlie", "Alpha"])):
        found = pivot_of(sales, "rows", "value", sort={"by": 2, "descending": descending})
        assert first_labels(found) == order


def test_inner_rows_are_ordered_within_their_outer_row() -> None:
    sales = [
        Sale("North", "Pumps", amount=Decimal(5)),
        Sale("North", "Valves", amount=Decimal(6)),
        Sale("South", "Pumps", amount=Decimal(100)),
        Sale("South", "Valves", amount=Decimal(1)),
    ]
    found = pivot_of(sales, "value", rows=["region", "product"], sort={"by": 1}, subtotals=False)
    assert [row.labels for row in found.rows] == [
        ("South", "Pumps"),
        ("South", "Valves"),
        ("North", "Valves"),
        ("North", "Pumps"),
        ("Total", ""),
    ]


def test_rows_are_in_the_order_of_the_current_period() -> None:
    sales = [Sale("Past", amount=Decimal(99), year=2016), Sale("Present", amount=Decimal(1))]
    found = pivot_of(sales, "value", columns=["period"], sort={"by": 1})
    assert first_labels(found) == ["Present", "Past"]


# --- the edges ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [[], ["period"], ["product"]])
def test_an_empty_table_has_no_rows(columns: list[str]) -> None:
    found = pivot_of([], *AGGREGATES, columns=columns)
    assert found.rows == ()
    assert found.total is None


def test_rows_of_other_periods_only_are_no_rows() -> None:
    assert pivot_of([Sale(year=2016), Sale(year=2018)], "rows").rows == ()


def test_one_row_is_its_own_total() -> None:
    found = pivot_of([Sale(amount=Decimal("2.50"))], *AGGREGATES)
    assert [row.kind for row in found.rows] == ["body", "total"]
    assert found.rows[0].values == found.rows[1].values
    assert [str(value) for value in found.rows[0].values] == [
        "2.50",
        "1",
        "1",
        "2.50",
        "2.50",
        "2.50",
        "2.50",
    ]


def test_a_row_whose_amounts_are_all_missing_stays() -> None:
    found = pivot_of([Sale("North"), Sale("South", amount=None)], "value")
    assert lines(found) == [("North", "1"), ("South", "None"), ("Total", "1")]


def test_a_row_of_nothing_stays() -> None:
    sales = [Sale("North"), Sale("South", amount=Decimal(0))]
    assert lines(pivot_of(sales, shown("value", "share"))) == [("North", "1"), ("South", "0"), ("Total", "1")]


def test_a_condition_narrows_the_rows_and_the_total() -> None:
    sales = [Sale("North", "Pumps"), Sale("North", "Valves"), Sale("South", "Valves")]
    found = pivot_of(sales, "rows", shown("rows", "share"), where={"field": "product", "is": "Pumps"})
    assert lines(found) == [("North", "1", "1"), ("Total", "1", "1")]


def test_the_rest_of_a_top_has_the_condition_of_the_pivot() -> None:
    sales = [
        Sale("North"),
        Sale("South", customer="B"),
        Sale("West", "Valves", "C"),
        Sale("East", customer="D"),
    ]
    found = pivot_of(sales, "buyers", where={"field": "product", "is": "Pumps"}, top={"n": 1})
    assert lines(found) == [("East", "1"), ("Other (2)", "2"), ("Total", "3")]


def test_a_top_that_leaves_nothing_over_has_no_other() -> None:
    found = pivot_of([Sale("North"), Sale("South")], "rows", top={"n": 2})
    assert [row.kind for row in found.rows] == ["body", "body", "total"]


def test_the_missing_label_can_be_among_the_top_or_the_rest() -> None:
    sales = [Sale(None, customer="A"), Sale(None, customer="B"), Sale("North", customer="A"), Sale("South")]
    first = pivot_of(sales, "rows", "buyers", sort={"by": 1}, top={"n": 1})
    assert lines(first) == [(NOT_STATED, "2", "2"), ("Other (2)", "2", "1"), ("Total", "4", "2")]
    last = pivot_of(sales[1:], "rows", "buyers", sort={"by": 0}, top={"n": 1})
    assert lines(last) == [("North", "1", "1"), ("Other (2)", "2", "2"), ("Total", "3", "2")]


def test_subtotals_and_grand_total_can_be_left_out() -> None:
    found = pivot_of([Sale()], "rows", rows=["region", "product"], subtotals=False, grandTotal=False)
    assert [row.kind for row in found.rows] == ["body"]


# --- what cannot be asked for -------------------------------------------------------------------------


def test_an_unknown_field_is_refused_with_the_nearest() -> None:
    with pytest.raises(
        SpecError, match=r"\$\.pivots\.pivot\.rows\[0\]: no field 'regoin'.*did you mean 'region'\?"
    ):
        pivot_of([Sale()], "rows", rows=["regoin"])


def test_an_unknown_column_field_is_refused_with_the_nearest() -> None:
    with pytest.raises(SpecError, match=r"no field 'prodct'.*did you mean 'product'\?"):
        pivot_of([Sale()], "rows", columns=["prodct"])
