"""Write XML elements, with their attributes in the order in which they are given."""

from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import quoteattr

from xlreport.backends.xlsx.strings import coded

__all__ = ["Value", "element", "listed"]

Value = str | int | bool | None
"""What an attribute can be given as. None leaves it out."""

_TRUTH: Final = {True: "1", False: "0"}


def element(name: str, attributes: Mapping[str, Value], *children: str) -> str:
    """Return the element ``name``; characters that XML cannot hold are coded as in a cell."""
    start = name + "".join(
        f" {key}={_quoted(value)}" for key, value in attributes.items() if value is not None
    )
    content = "".join(children)
    return f"<{start}>{content}</{name}>" if content else f"<{start}/>"


def listed(name: str, children: list[str]) -> str:
    """Return the element ``name`` with the number of its children as ``count``; nothing without children."""
    return element(name, {"count": len(children)}, *children) if children else ""


def _quoted(value: str | int) -> str:
    if isinstance(value, bool):
        return f'"{_TRUTH[value]}"'
    return quoteattr(coded(value)) if isinstance(value, str) else f'"{value}"'
