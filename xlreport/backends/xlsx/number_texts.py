"""Turn columns of numbers into the texts that stand in their cells, exactly and as whole columns.

Where orjson is installed (``pip install xlreport[fast]``), it writes floats and whole numbers. It is used
only where its text is that of ``repr``, so that a workbook has the same cells with it and without it.
"""

import importlib
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from xlreport.backends.xlsx.strings import are_short

__all__ = ["decimal_texts", "float_texts", "integer_texts"]

_LARGEST_EXPONENT: Final = 307
"""A cell holds numbers up to 9.99E+307."""

Dump = Callable[[object], bytes]


def _orjson() -> Dump | None:
    try:
        dump: Dump = importlib.import_module("orjson").dumps
    except ImportError:
        return None
    return dump


_ORJSON: Final = _orjson()


def integer_texts(values: Sequence[int], dump: Dump | None = _ORJSON) -> list[str]:
    """Return the text of each number; ValueError beyond Excel's range."""
    if dump is not None:
        try:
            return _dumped(values, dump).split(",")
        except TypeError:  # a number of more than 64 bits
            pass
    texts = list(map(str, values))
    if _is_long(",".join(texts)):
        _check_range(values)
    return texts


def float_texts(values: Sequence[float], dump: Dump | None = _ORJSON) -> list[str]:
    """Return the text of each number; ValueError for NaN, infinities and beyond Excel's range."""
    if dump is not None:
        everything = _dumped(values, dump)
        if not ("null" in everything or "e" in everything or "0.0000" in everything):
            return everything.split(",")
    texts = list(map(repr, values))
    everything = "".join(texts)
    if "n" in everything or "e" in everything:  # nan, inf, or an exponent
        _check_range(values)
    return texts


def decimal_texts(values: Sequence[Decimal]) -> list[str]:
    """Return the digits of each number as they are.

    ValueError for NaN, infinities and beyond Excel's range; TypeError for what is no Decimal.
    """
    texts = list(map(Decimal.__str__, values))
    everything = ",".join(texts)
    if "N" in everything or "I" in everything or "E" in everything or _is_long(everything):
        _check_range(values)  # NaN, Infinity, an exponent, or very many digits
    if "E" in everything:  # 1E+3 is better read as 1000
        texts = [f"{value:f}" for value in values]
    return texts


def _dumped(values: Sequence[object], dump: Dump) -> str:
    return dump(list(values))[1:-1].decode()


def _is_long(texts: str) -> bool:
    return not are_short(texts, ",", _LARGEST_EXPONENT)


def _check_range(values: Sequence[int | float | Decimal]) -> None:
    for value in values:
        number = Decimal(value)
        if not number.is_finite() or number.adjusted() > _LARGEST_EXPONENT:
            message = f"a cell cannot hold the number {value!s:.40}"
            raise ValueError(message)
