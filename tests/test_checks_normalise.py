"""Records as people hand them over become plain JSON, or it is said why not."""

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlreport.checks.normalise import DEEPEST, Flaw, normalised

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(-(10**9), 10**9) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_plain_records_are_handed_back_as_they_are(record: dict[str, Any]) -> None:
    outcome, flaws = normalised(record)
    assert outcome is record
    assert flaws == ()


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (dt.date(2017, 3, 1), "2017-03-01"),
        (dt.datetime(2017, 3, 1, tzinfo=None), "2017-03-01"),  # noqa: DTZ001  # as Excel and pandas give days
        (dt.datetime(2017, 3, 1, 9, 30, tzinfo=None), "2017-03-01T09:30:00Z"),  # noqa: DTZ001
        (dt.datetime(2017, 3, 1, 9, 30, tzinfo=dt.UTC), "2017-03-01T09:30:00+00:00"),
        (pd.Timestamp("2017-03-01"), "2017-03-01"),
        (pd.Timestamp("2017-03-01T00:00:00.123456789"), "2017-03-01T00:00:00.123456Z"),
        (np.datetime64("2017-03-01"), "2017-03-01"),
        (np.int64(3), 3),
        (np.bool_(True), True),  # noqa: FBT003  # numpy's own truth value
        (np.float64("0.1"), Decimal("0.1")),
        (0.1, Decimal("0.1")),
        (np.str_("x"), "x"),
        ((1, 2), [1, 2]),
        ([1, float("nan"), 2], [1, 2]),
        ({"b": float("nan")}, {}),
    ],
)
def test_foreign_scalars_become_plain(value: object, plain: object) -> None:
    outcome, flaws = normalised({"a": value})
    assert outcome == {"a": plain}
    assert type(outcome["a"]) is type(plain)
    assert flaws == ()


@pytest.mark.parametrize(
    "value", [float("nan"), Decimal("NaN"), pd.NaT, pd.NA, np.float64("nan"), np.datetime64("NaT")]
)
def test_what_is_not_available_is_absent(value: object) -> None:
    assert normalised({"a": value, "b": 1}) == ({"b": 1}, ())


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (float("inf"), "number-out-of-range"),
        (Decimal("-Infinity"), "number-out-of-range"),
        (Decimal("1E+309"), "number-out-of-range"),
        ("half \ud800", "lone-surrogate"),
        ({1, 2}, "foreign-type"),
        (object(), "foreign-type"),
    ],
)
def test_what_cannot_be_json_is_reported_with_its_place(value: object, code: str) -> None:
    _, flaws = normalised({"a": [{"b": value}]})
    assert [(flaw.code, flaw.path) for flaw in flaws] == [(code, ("a", 0, "b"))]


def test_half_a_character_in_a_name_is_mended_and_reported() -> None:
    outcome, flaws = normalised({"\ud800": 1})
    assert outcome == {"?": 1}
    assert flaws == (Flaw("lone-surrogate", (), "?"),)


@pytest.mark.parametrize("levels", [DEEPEST + 1, 100_000])
def test_a_nesting_without_end_is_cut_off(levels: int) -> None:
    deep: Any = 1
    for level in range(levels):
        deep = [deep] if level % 2 else {"a": deep}
    outcome, (flaw,) = normalised({"deep": deep})
    assert flaw.code == "too-deep"
    assert len(flaw.path) == DEEPEST
    assert list(outcome) == ["deep"]


def test_the_deepest_that_is_allowed_is_plain() -> None:
    record: dict[str, Any] = {}
    for _ in range(DEEPEST - 1):
        record = {"a": record}
    assert normalised(record) == (record, ())
