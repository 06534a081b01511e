"""The formats of marked cells, and the way back from them to the formats before.

A marked cell has the format that it had, number format, font, borders, alignment and protection, with another
fill. Which fill it had before is told by the colour of the mark (see `shades`), and the fills themselves are
kept in hidden names of the workbook.
"""

import functools
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET

from xlreport.backends.marking.shades import MOST_SHADES, shade, shade_of
from xlreport.backends.marking.styles import Stylesheet, cut
from xlreport.backends.marking.surgery import attribute, with_attribute
from xlreport.findings import Severity
from xlreport.marks import OURS

__all__ = ["MOST_FORMATS", "Formats", "reopened"]

MOST_FORMATS: Final = 65_490
"""Formats of cells in one workbook; Excel opens no more."""
_STYLES: Final = f"{OURS}styles"
_FILL: Final = f"{OURS}fill."
_MOST_TOLD: Final = 500
"""Formats whose twins are told apart: so many fit into a name."""
_PATTERN: Final = re.compile(rb"""\spatternType\s*=\s*["'](\w+)""")
_COLOUR: Final = re.compile(rb"""fgColor[^>]*\srgb\s*=\s*["'](?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})["']""")
_PREFIX: Final = re.compile(rb"(</?)\w+:")
_FOREIGN: Final = re.compile(rb"""\s\w+:\w+=(?:"[^"]*"|'[^']*')""")
_OF_FILL: Final = re.compile(rb"""\s(?:fillId|applyFill)\s*=\s*(?:"[^"]*"|'[^']*')""")

Names = Mapping[str, str]


class Formats:
    """Gives each marked cell its format."""

    def __init__(self, styles: Stylesheet) -> None:
        """Append to ``styles``."""
        self.styles = styles
        self._fills: dict[bytes, int] = {}
        """Fills under the marks -> their numbers."""
        self._marked: dict[tuple[int, Severity], int] = {}
        self._left = {form: number for number, form in enumerate(styles.items("cellXfs"))}
        """Formats that another program has kept from earlier marks, among others."""
        self.unfilled = 0
        """Marked cells whose fill had to stay, since there was no room for another format."""

    def marked(self, base: int, severity: Severity) -> int:
        """Return the format of a cell of format ``base`` when it is marked.

        It is the same where the workbook has no room for another format.
        """
        if (base, severity) not in self._marked:
            self._marked[base, severity] = self._made(base, severity)
        form = self._marked[base, severity]
        self.unfilled += form == base
        return form

    def _made(self, base: int, severity: Severity) -> int:
        formats = self.styles.items("cellXfs")
        source = formats[base if base < len(formats) else 0]
        number = self._number(_fill_of(self.styles, source))
        if number is None or len(formats) >= MOST_FORMATS:
            return base
        item = _with_fill(source, self._fill_id(shade(severity, number)))
        # two formats whose marked ones would be the same get one each, so that both find their way back
        left = self._left.pop(item, None)
        return self.styles.append("cellXfs", item) if left is None else left

    def _number(self, fill: bytes) -> int | None:
        """Return the number by which a fill is remembered: 0 for none, None where there is no room."""
        if _is_none(fill):
            return 0
        form = _normal(fill)
        if form not in self._fills and len(self._fills) >= MOST_SHADES - 1:
            return None
        return self._fills.setdefault(form, len(self._fills) + 1)

    def _fill_id(self, colour: str) -> int:
        for number, fill in enumerate(self.styles.items("fills")):
            if _solid(fill) == colour:
                return number
        markup = (
            f'<fill><patternFill patternType="solid"><fgColor rgb="FF{colour}"/><bgColor indexed="64"/>'
            "</patternFill></fill>"
        )
        return self.styles.add("fills", markup.encode())

    def memory(self, content: bytes) -> dict[str, str]:
        """Return what names of the workbook have to say, so that `reopened` finds the way back.

        ``content`` is the finished stylesheet.
        """
        lengths = ",".join(map(str, self.styles.lengths().values()))
        twins = " ".join(f"{number}:{base}" for number, base in self._with_twins()[:_MOST_TOLD])
        fills = {f"{_FILL}{number}": form.decode() for form, number in self._fills.items()}
        return {_STYLES: f"{_digest(content)} {lengths} {twins}".strip(), **fills}

    def _with_twins(self) -> list[tuple[int, int]]:
        """Return the marked formats whose own format is not the first of its look, with that format."""
        looks = _looks(self.styles)
        found = []
        for (base, _), number in self._marked.items():
            if number != base and looks[_look(self.styles, self.styles.items("cellXfs")[base])][0] != base:
                found.append((number, base))
        return found


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the names of a marked workbook tell."""

    digest: str = ""
    lengths: Mapping[str, int] = field(default_factory=dict)
    bases: Mapping[int, int] = field(default_factory=dict)
    fills: Mapping[int, bytes] = field(default_factory=dict)


def _remembered(names: Names, styles: Stylesheet) -> _Memory:
    digest, _, rest = names.get(_STYLES, "").partition(" ")
    lengths, _, twins = rest.partition(" ")
    numbers = [int(number) for number in lengths.split(",") if number.lstrip("-").isdigit()]
    pairs = [pair.partition(":") for pair in twins.split()]
    return _Memory(
        digest,
        dict(zip(styles.lengths(), numbers, strict=False)),
        {int(number): int(base) for number, _, base in pairs if number.isdigit() and base.isdigit()},
        {
            int(name.removeprefix(_FILL)): text.encode()
            for name, text in names.items()
            if name.startswith(_FILL) and name.removeprefix(_FILL).isdigit()
        },
    )


def reopened(content: bytes, part: str, names: Names) -> tuple[Stylesheet, dict[int, int]]:
    """Return the stylesheet of a marked workbook as it was before, and the ways back.

    The ways back lead from the format of each marked cell to the one that it had. Where another program has
    saved the workbook since, the formats of marks stay in the list, unused.
    """
    styles = Stylesheet(content, part)
    memory = _remembered(names, styles)
    looks = _looks(styles)
    ways = {
        number: _before(styles, number, mark, memory, looks)
        for number, form in enumerate(list(styles.items("cellXfs")))
        if (mark := shade_of(_solid(_fill_of(styles, form)))) is not None
    }
    if memory.digest == _digest(content):
        styles = Stylesheet(cut(content, part, memory.lengths), part)
    return styles, ways


def _before(
    styles: Stylesheet,
    number: int,
    mark: int,
    memory: _Memory,
    looks: Mapping[tuple[bytes, bytes], list[int]],
) -> int:
    """Return the format that differs from a marked one by the fill before, appended where there is none."""
    form = styles.items("cellXfs")[number]
    fill = memory.fills.get(mark, b"")
    same = looks.get((_rest(form), fill))
    if same:
        told = memory.bases.get(number, -1)
        return told if told in same else same[0]
    fills = styles.items("fills")
    wanted = (place for place, each in enumerate(fills) if _remembered_form(each) == fill)
    place = next(wanted, None)
    return styles.append("cellXfs", _with_fill(form, styles.add("fills", fill) if place is None else place))


Look = tuple[bytes, bytes]
"""A format apart from its fill, and its fill; an empty one for none."""


def _looks(styles: Stylesheet) -> dict[Look, list[int]]:
    """Return the numbers of the formats of each look, in their order."""
    found: dict[Look, list[int]] = {}
    for number, form in enumerate(styles.items("cellXfs")):
        found.setdefault(_look(styles, form), []).append(number)
    return found


def _look(styles: Stylesheet, form: bytes) -> Look:
    return _rest(form), _remembered_form(_fill_of(styles, form))


def _remembered_form(fill: bytes) -> bytes:
    return b"" if _is_none(fill) else _normal(fill)


def _fill_of(styles: Stylesheet, form: bytes) -> bytes:
    fills = styles.items("fills")
    number = int(attribute(form, b"fillId") or 0)
    return fills[number] if number < len(fills) else b""


def _with_fill(form: bytes, fill: int) -> bytes:
    """Return a format with another fill."""
    tag, end, rest = form.partition(b">")
    filled = with_attribute(tag + end, b"fillId", str(fill).encode())
    return with_attribute(filled, b"applyFill", b"1") + rest


def _is_none(fill: bytes) -> bool:
    pattern = _PATTERN.search(fill)
    return b"gradientFill" not in fill and (pattern is None or pattern[1] == b"none")


def _solid(fill: bytes) -> str:
    """Return the RRGGBB of a solid fill, or an empty string."""
    pattern, colour = _PATTERN.search(fill), _COLOUR.search(fill)
    return colour[1].decode().upper() if pattern and pattern[1] == b"solid" and colour else ""


def _rest(form: bytes) -> bytes:
    tag, end, rest = form.partition(b">")
    return _normal(_OF_FILL.sub(b"", tag) + end + rest)


@functools.lru_cache(maxsize=1 << 17)
def _normal(markup: bytes) -> bytes:
    """Return markup in a form that does not depend on its prefixes and the order of its attributes."""
    plain = _PREFIX.sub(rb"\g<1>", _FOREIGN.sub(b"", markup))
    try:
        return ET.canonicalize(plain.decode(), strip_text=True).encode()
    except (ET.ParseError, UnicodeDecodeError):
        return plain


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
