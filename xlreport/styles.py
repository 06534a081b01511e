"""What cells look like: fonts, fills, borders and number formats as plain records, and the theme.

The theme names a style per role of a cell (title, header, body, total, ...). Layout combines a role's
style with a column's number format; a backend registers the result and decides nothing.
"""

import enum
from dataclasses import dataclass, field, replace
from typing import Final

__all__ = ["DEFAULT_THEME", "Align", "Role", "Style", "Theme"]


class Role(enum.StrEnum):
    """What a cell is for; also the name of its cell style in the workbook."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    HEADING = "heading"
    """Heading of a part of a sheet."""
    HEADER = "header"
    """Column heading of a table."""
    LABEL = "label"
    """Row heading: the stub of a table."""
    BODY = "body"
    SUBTOTAL = "subtotal"
    TOTAL = "total"
    FIGURE = "figure"
    """A headline figure."""
    TEXT = "text"
    """A paragraph that wraps."""
    NOTE = "note"
    LINK = "link"
    GOOD = "good"
    """A status that is as it should be."""
    BAD = "bad"


class Align(enum.StrEnum):
    """Horizontal alignment; GENERAL leaves text left and numbers right, as Excel does."""

    GENERAL = "general"
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Style:
    """Everything about how a cell looks. Colours are RRGGBB, sizes points."""

    role: Role = Role.BODY
    font: str = "Calibri"
    size: float = 10
    bold: bool = False
    italic: bool = False
    underline: bool = False
    color: str = "222222"
    fill: str = ""
    """Background colour, or an empty string for none."""
    top: str = ""
    """Colour of a thin rule above the cell, or an empty string for none."""
    bottom: str = ""
    number_format: str = "General"
    align: Align = Align.GENERAL
    vertical: str = "center"
    """top or center."""
    wrap: bool = False
    indent: int = 0
    right_to_left: bool = False
    """Whether the text reads from right to left, whatever its first letter is."""
    text_prefix: bool = False
    """Excel's quotePrefix: the text begins with a character such as = and is to stay text when edited."""

    def with_(self, **changes: object) -> "Style":
        """Return the style with some of its fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the fields' own types are checked by callers' tests


@dataclass(frozen=True, slots=True)
class Theme:
    """Fonts, colours and number formats of one organisation's workbooks."""

    name: str = "xlreport"
    font: str = "Calibri"
    ink: str = "222222"
    muted: str = "595959"
    accent: str = "1F4E79"
    """Headers and titles; white text on it has a contrast of at least 4.5."""
    accent_soft: str = "DCE6F1"
    rule: str = "BFC8D2"
    good: str = "1E6B37"
    bad: str = "A3191F"
    series: tuple[str, ...] = ("1F4E79", "C55A11", "5B8C5A", "7F6AA8", "B8860B", "4A90A4")
    """Colours of chart series, in order."""
    integer_format: str = "#,##0"
    decimal_format: str = "#,##0.00"
    date_format: str = "yyyy-mm-dd"
    datetime_format: str = "yyyy-mm-dd hh:mm:ss"
    paper: str = "A4"
    styles: dict[Role, Style] = field(default_factory=dict)
    """A style per role where the theme departs from the one derived from its colours."""

    def style(self, role: Role) -> Style:
        """Return the style of ``role``, derived from the theme's font and colours."""
        if role in self.styles:
            return self.styles[role]
        base = Style(role=role, font=self.font, color=self.ink)
        return base.with_(**self._changes().get(role, {}))

    def _changes(self) -> dict[Role, dict[str, object]]:
        return {
            Role.TITLE: {"size": 16, "bold": True, "color": self.accent},
            Role.SUBTITLE: {"color": self.muted},
            Role.HEADING: {"size": 12, "bold": True, "color": self.accent},
            Role.HEADER: {"bold": True, "color": "FFFFFF", "fill": self.accent, "wrap": True},
            Role.SUBTOTAL: {"bold": True, "fill": self.accent_soft},
            Role.TOTAL: {"bold": True, "top": self.accent, "bottom": self.accent, "fill": self.accent_soft},
            Role.FIGURE: {"size": 12, "bold": True, "color": self.accent},
            Role.TEXT: {"wrap": True, "vertical": "top"},
            Role.NOTE: {"color": self.muted, "italic": True, "wrap": True, "vertical": "top"},
            Role.LINK: {"color": self.accent, "underline": True},
            Role.GOOD: {"bold": True, "color": self.good},
            Role.BAD: {"bold": True, "color": self.bad},
        }


DEFAULT_THEME: Final = Theme()
