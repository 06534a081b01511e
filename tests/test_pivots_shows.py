"""What a value field can show along a base field, as Excel's PivotTables show it."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from sales import Sale
from test_pivots_crossed import crossed

from xlreport.analysis.pivot_shows import ALONG
from xlreport.analysis.results import Number

HALF = Decimal("0.5")


@pytest.mark.parametrize(
    ("show", "figures", "shown"),
    [
        ("difference", [5, 7, 4], [None, 2, -3]),
        ("difference", [5, None, 4], [None, -5, 4]),
        ("difference", [None, None, 4], [None, None, 4]),
        ("difference", [Decimal("0.1"), Decimal(9007199254740993)], [None, Decimal("9007199254740992.9")]),
        ("differencePercent", [4, 6, 3], [None, HALF, -HALF]),
        ("differencePercent", [4, None, 3, 0, 5], [None, -1, None, -1, None]),
        ("differencePercent", [-4, 4], [None, -2]),
        ("runningTotal", [5, None, -2], [5, 5, 3]),
        ("runningTotal", [None, 1], [None, 1]),
        ("runningTotal", [Decimal("12345678901234567890.12345"), Decimal("0.00005")], [
            Decimal("12345678901234567890.12345"), Decimal("12345678901234567890.12350"),
        ]),
        ("cumulativeShare", [1, None, 1], [HALF, HALF, 1]),
        ("cumulativeShare", [None, None], [None, None]),
        ("cumulativeShare", [1, -1], [None, None]),
        ("rank", [5, 7, 7, 1], [2, 1, 1, 3]),
        ("rank", [None, Decimal("2.0"), 2], [None, 1, 1]),
        ("rank", [], []),
    ],
)  # fmt: skip
def test_what_is_made_of_the_figures(show: str, figures: Sequence[Number], shown: list[Number]) -> None:
    assert list(ALONG[show](figures)) == shown


SALES = [
    *[Sale("North", "Pumps")] * 3,
    Sale("North", "Valves"),
    Sale("South", "Pumps"),
    *[Sale("South", "Valves")] * 2,
    Sale("South", "Tanks"),
]


@pytest.mark.parametrize(
    ("show", "base", "column"),
    [
        ("rank", "", [None, 1, 2, None, 2, 2, 1, None]),
        ("rank", "region", [1, 1, 2, 1, 2, 1, 1, None]),
        ("runningTotal", "", [None, 3, 4, None, 1, 2, 4, None]),
        ("runningTotal", "region", [4, 3, 1, 8, 4, 1, 3, None]),
        ("difference", "region", [None, None, None, 0, -2, 1, 1, None]),
        ("cumulativeShare", "region", [HALF, Decimal("0.75"), Decimal(1) / 3, 1, 1, 1, 1, None]),
    ],
)
def test_a_base_field_holds_the_other_labels_fixed(show: str, base: str, column: list[Number]) -> None:
    value = {"measure": "rows", "show": show, **({"base": base} if base else {})}
    found = crossed(SALES, rows=["region", "product"], values=[value])
    labels = [("North", ""), ("North", "Pumps"), ("North", "Valves")]
    labels += [("South", ""), ("South", "Pumps"), ("South", "Tanks"), ("South", "Valves"), ("Total", "")]
    assert [row.labels for row in found.rows] == labels
    for row, expected in zip(found.rows, column, strict=True):
        (number,) = row.values
        assert number == pytest.approx(expected) if isinstance(expected, Decimal) else number == expected


def test_columns_are_a_tree_with_subtotals_after_what_they_are_of() -> None:
    values = [{"measure": "rows"}, {"measure": "rows", "show": "shareOfRow"}]
    found = crossed(SALES, rows=["urgent"], columns=["region", "product"], values=values)
    assert [(item.labels, item.kind, item.level) for item in found.items] == [
        (("North", "Pumps"), "body", 2),
        (("North", "Valves"), "body", 2),
        (("North", ""), "subtotal", 1),
        (("South", "Pumps"), "body", 2),
        (("South", "Tanks"), "body", 2),
        (("South", "Valves"), "body", 2),
        (("South", ""), "subtotal", 1),
        (("Total", ""), "total", 0),
    ]
    counts, shares = found.rows[0].values[::2], found.rows[0].values[1::2]
    assert counts == (3, 1, 4, 1, 1, 2, 4, 8)
    assert shares == tuple(Decimal(count) / 8 for count in counts if count is not None)


def test_a_value_says_in_its_heading_what_it_shows() -> None:
    values = [{"measure": "rows", "show": show} for show in ("difference", "runningTotal", "rank", "share")]
    found = crossed(SALES, rows=["region"], values=[*values, {"measure": "rows", "title": "Own"}])
    assert found.titles == ("rows, difference", "rows, running total", "rows, rank", "rows, share", "Own")
    assert found.units == ("count", "count", "count", "percent", "count")
