"""Texts that are all numbers are numbers where a measure sums them up, and text everywhere else."""

from decimal import Decimal
from typing import Any

import pytest

import xlreport
from xlreport.errors import SpecError


def figure(tmp_path: Any, cells: list[str], aggregate: str = "sum") -> Any:
    """Return the figure of a column of a CSV file that no schema describes."""
    data = tmp_path / "deals.csv"
    data.write_text("id,amount\n" + "".join(f"{row},{cell}\n" for row, cell in enumerate(cells)))
    report = tmp_path / "report.json"
    report.write_text(
        '{"name": "r", "title": "R", "tables": {"deals": {"from": "deals"}}, "measures": {"m": {"title": "M",'
        f' "of": "deals", "aggregate": "{aggregate}", "field": "amount"}}}},'
        ' "sheets": [{"kind": "summary", "name": "S", "groups": [{"title": "G", "measures": ["m"]}]}]}'
    )
    plan = xlreport.plan(report, data)
    return next(block.columns[0][0] for block in plan.sheet("S").blocks if block.role == "figure")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1", "2", ""], 3),
        (["1.50", "-0.25"], Decimal("1.25")),
        (["007", "+3"], 10),
        (["12345678901234567890", "1"], Decimal(12345678901234567891)),
        (["0.1"] * 10, 1),
    ],
)
def test_a_column_of_plain_numbers_is_summed(tmp_path: Any, cells: list[str], expected: Any) -> None:
    assert figure(tmp_path, cells) == expected


def test_the_largest_is_the_largest_number(tmp_path: Any) -> None:
    assert figure(tmp_path, ["9", "10"], "max") == 10


@pytest.mark.parametrize("cell", ['"1,5"', "12 EUR", "1e3", "2017-01-01", "NaN"])
def test_other_texts_stay_texts(tmp_path: Any, cell: str) -> None:
    with pytest.raises(SpecError, match=r"'amount' of 'deals' holds (text|dates)"):
        figure(tmp_path, ["1", cell])
