"""Gather what a worksheet has beyond the standard of 2007, which older programs pass over.

A worksheet has one list of extensions, its last element, and each kind of extension is in it at most once.
"""

from collections.abc import Mapping
from typing import Final

__all__ = ["DATA_BARS", "FORMULAS", "PIVOT_SLICERS", "SPARKLINES", "TABLE_SLICERS", "X14", "with_extensions"]

X14: Final = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
"""Namespace of the elements of 2010."""
FORMULAS: Final = "http://schemas.microsoft.com/office/excel/2006/main"
"""Namespace of the formulas and ranges in them, commonly ``xm``."""

DATA_BARS: Final = "{78C0D931-6437-407d-A8EE-F0AAD7539E65}"
SPARKLINES: Final = "{05C60535-1F16-4fd2-B633-F4F36F0B64E0}"
PIVOT_SLICERS: Final = "{A8765BA9-456A-4dab-B4F3-ACF838C121DE}"
TABLE_SLICERS: Final = "{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}"
_ORDER: Final = (DATA_BARS, SPARKLINES, PIVOT_SLICERS, TABLE_SLICERS)
"""The order in which Excel writes them."""

_END: Final = "</worksheet>"


def with_extensions(content: str, extensions: Mapping[str, str]) -> str:
    """Return the XML of a worksheet that has no extensions with these at its end.

    ``extensions`` has the element for each kind, named by its ``uri``; an empty text stands for none. The
    elements may use the prefix ``x14``, and declare others themselves.
    """
    found = [_extension(uri, extensions[uri]) for uri in _ORDER if extensions.get(uri)]
    if not found:
        return content
    return f"{content.removesuffix(_END)}<extLst>{''.join(found)}</extLst>{_END}"


def _extension(uri: str, element: str) -> str:
    return f'<ext uri="{uri}" xmlns:x14="{X14}">{element}</ext>'
