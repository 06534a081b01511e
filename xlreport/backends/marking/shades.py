"""The colours of marks, each of which tells what the cell was filled with before.

A marked cell has a format of its own: that of the cell, but filled by us. Programs that save the workbook
number its formats anew, but leave their colours alone. So it is by the colour that a mark is known, and by
its last bits, which nobody sees, that the fill before it is found again.
"""

from typing import Final

from xlreport.findings import Severity

__all__ = ["MOST_SHADES", "shade", "shade_of"]

_BASES: Final = {Severity.ERROR: 0xC0C0, Severity.WARNING: 0xE0A0}
"""Green and blue of the first shade: a light red, a light orange."""
_RED: Final = 0xFD
_PER_RED: Final = 256
MOST_SHADES: Final = 4 * _PER_RED
"""Fills before that can be told apart; number 0 is no fill."""


def shade(severity: Severity, number: int) -> str:
    """Return the RRGGBB of a mark over the fill of that number."""
    red, rest = divmod(number, _PER_RED)
    high, low = divmod(rest, 16)
    return f"{_RED - red:02X}{_BASES[severity] + high * 256 + low:04X}"


_NUMBERS: Final = {shade(severity, number): number for severity in _BASES for number in range(MOST_SHADES)}


def shade_of(colour: str) -> int | None:
    """Return the number of the fill that a colour (RRGGBB) marks over; None where it is no mark."""
    return _NUMBERS.get(colour.upper())
