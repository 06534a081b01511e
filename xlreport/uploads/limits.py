"""What may be read: sizes and numbers that files from outside must not pass, and what they must not carry."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Final, Literal, get_args

from xlreport.errors import UsageError
from xlreport.sentences import Name
from xlreport.text import did_you_mean, listing, shown

__all__ = ["UNTRUSTED", "USUAL", "Carried", "Limits", "limits_from", "size_in_words"]

Carried = Literal["note", "refuse"]
"""``note``: said in a finding, and the file is read, for nothing in it is ever run or fetched."""

_MB: Final = 1 << 20
_GB: Final = 1 << 30
_UNITS: Final[Mapping[str, int]] = {"": 1, "B": 1, "KB": 1 << 10, "MB": _MB, "GB": _GB, "TB": 1 << 40}
_NUMBER: Final = re.compile(r"([0-9][0-9_,]*)\s*([a-z]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold; more is refused before any reader sees it.

    The usual limits are far beyond any register that people keep in workbooks, and stop files that are
    made to use up the machine. `UNTRUSTED` is for what comes by mail or from the web.
    """

    file: int = field(default=64 * _GB, metadata={"unit": "bytes"})
    """Bytes of one file."""
    parts: int = 20_000
    """Files in the package that a workbook is."""
    unpacked: int = field(default=16 * _GB, metadata={"unit": "bytes"})
    """Bytes of all parts of a workbook together, unpacked."""
    part: int = field(default=8 * _GB, metadata={"unit": "bytes"})
    """Bytes of one part, unpacked."""
    ratio: int = 300
    """Bytes of a part of 16 MB or more, unpacked, for each byte that it takes up in the file."""
    depth: int = 256
    """Elements of XML in one another."""
    line: int = field(default=_GB, metadata={"unit": "bytes"})
    """Bytes of one line of a CSV or NDJSON file."""
    value: int = 131_072
    """Characters of one value of a CSV file."""
    columns: int = 16_384
    """Columns of a CSV or Parquet file."""
    values: int = 100_000_000_000
    """Values that a Parquet file says it has, in all columns together."""
    macros: Carried = "note"
    """Programs: VBA, macro sheets, ActiveX controls, buttons of the ribbon."""
    links: Carried = "note"
    """Other workbooks, databases and pages that the workbook takes values from; hyperlinks are not meant."""
    objects: Carried = "note"
    """Files of other programs, or workbooks, inside the workbook."""


USUAL: Final = Limits()
UNTRUSTED: Final = Limits(
    file=256 * _MB,
    parts=5_000,
    unpacked=2 * _GB,
    part=_GB,
    ratio=200,
    depth=128,
    line=16 * _MB,
    values=500_000_000,
    macros="refuse",
    links="refuse",
    objects="refuse",
)
"""Limits for files that strangers send."""


def limits_from(given: Iterable[str], base: Limits = USUAL) -> Limits:
    """Return ``base`` with the changes that texts such as ``unpacked=2GB`` or ``macros=refuse`` ask for.

    UsageError for an unknown name, with the nearest, and for a value that is none.
    """
    changes = dict(map(_change, given))
    return replace(base, **changes)  # type: ignore[arg-type]  # of the types of the fields, see _change


def _change(text: str) -> tuple[str, int | Carried]:
    name, equals, value = (piece.strip() for piece in text.partition("="))
    known = {each.name: each for each in fields(Limits)}
    if name not in known:
        message = (
            f"There is no limit {shown(name)}; there are {listing(known)}{did_you_mean(name, known) or '.'}"
        )
        raise UsageError(message)
    if known[name].type == Carried:
        return name, _carried(name, value)
    number = _number(value)
    if not equals or number is None:
        such = f"{name}={_such(known[name].default)}"
        message = f"The limit {name} is a number greater than 0, as in {such}, not {shown(value)}."
        raise UsageError(message)
    return name, number


def _carried(name: str, value: str) -> Carried:
    for allowed in get_args(Carried):
        if value == allowed:
            return allowed  # type: ignore[no-any-return]
    message = f"{name} can be {listing(get_args(Carried), 'or')}, as in {name}=refuse, not {shown(value)}."
    raise UsageError(message)


def _number(text: str) -> int | None:
    found = _NUMBER.fullmatch(text)
    unit = _UNITS.get(found[2].upper()) if found else None
    if not found or unit is None:
        return None
    return int(found[1].replace("_", "").replace(",", "")) * unit or None


def _such(number: object) -> str:
    return (
        size_in_words(number).replace(" ", "") if isinstance(number, int) and number >= _MB else str(number)
    )


def size_in_words(size: int) -> Name:
    """Return ``16 GB``, ``1.5 MB`` or ``300 bytes``; 1,024 bytes are one KB."""
    for unit in ("TB", "GB", "MB", "KB"):
        if size >= _UNITS[unit]:
            return Name(f"{size / _UNITS[unit]:,.1f} {unit}".replace(".0 ", " "))
    return Name(f"{size:,} bytes")
