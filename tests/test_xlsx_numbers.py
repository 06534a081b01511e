"""The texts of numbers: exact, and the same with and without orjson."""

import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlreport.backends.xlsx.number_texts import Dump, decimal_texts, float_texts, integer_texts
from xlreport.backends.xlsx.strings import are_short


@pytest.fixture(scope="module")
def dump() -> Dump:
    quick: Dump = pytest.importorskip("orjson", reason="the extra [fast] is not installed").dumps
    return quick


@given(values=st.lists(st.integers(-(10**30), 10**30) | st.integers(-(2**63), 2**64), min_size=1))
def test_integers_are_the_same_with_and_without_orjson(dump: Dump, values: list[int]) -> None:
    assert integer_texts(values, dump) == integer_texts(values, None) == list(map(str, values))


FLOATS = st.floats(-9e307, 9e307) | st.sampled_from([0.0, -0.0, 1e-7, 0.0001, 0.00001, 1e15, 1e16, 1e22, 0.1])


@given(values=st.lists(FLOATS, min_size=1))
@settings(max_examples=500)
def test_floats_are_the_same_with_and_without_orjson(dump: Dump, values: list[float]) -> None:
    assert float_texts(values, dump) == float_texts(values, None) == list(map(repr, values))


@given(values=st.lists(st.floats(1e-4, 1e16, exclude_max=True), min_size=1))
@settings(max_examples=500)
def test_each_float_in_orjsons_own_text_is_that_of_repr(dump: Dump, values: list[float]) -> None:
    assert float_texts(values, dump) == list(map(repr, values))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e308])
def test_floats_that_no_cell_holds_are_refused(dump: Dump, value: float) -> None:
    for way in (dump, None):
        with pytest.raises(ValueError, match="a cell cannot hold the number"):
            float_texts([1.5, value], way)


@pytest.mark.parametrize("value", [10**308, -(10**400)])
def test_integers_that_no_cell_holds_are_refused(dump: Dump, value: int) -> None:
    for way in (dump, None):
        with pytest.raises(ValueError, match="a cell cannot hold the number"):
            integer_texts([1, value], way)


@given(st.lists(st.decimals(-(10**40), 10**40, allow_nan=False, allow_infinity=False), min_size=1))
def test_decimals_keep_their_value_to_the_last_digit(values: list[Decimal]) -> None:
    texts = decimal_texts(values)

    assert [Decimal(text) for text in texts] == values
    assert "E" not in "".join(texts)


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+308", "9" * 400])
def test_decimals_that_no_cell_holds_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a cell cannot hold the number"):
        decimal_texts([Decimal("1.5"), Decimal(text)])


@given(texts=st.lists(st.text("0123456789", max_size=12)), limit=st.integers(1, 12))
def test_texts_are_short_when_the_longest_is(texts: list[str], limit: int) -> None:
    longest = max(map(len, texts), default=0)

    assert are_short(",".join(texts), ",", limit) == (longest <= limit)
    assert are_short(f",{','.join(texts)},", ",", limit) == (longest <= limit)


def test_a_column_of_decimals_refuses_other_values() -> None:
    for other in (1, 1.5, "1", None):
        with pytest.raises(TypeError):
            decimal_texts([Decimal(1), other])  # type: ignore[list-item]
