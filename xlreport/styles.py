"""What cells look like: fonts, fills, borders and number formats as plain records, and the theme.

The theme names a style per role of a cell (title, header, body, total, ...). Layout combines a role's
style with a column's number format; a backend registers the result and decides nothing.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from xlreport.language import key

__all__ = [
    "DEFAULT_THEME",
    "NO_LINE",
    "PAPERS",
    "USUAL_FOOTER",
    "Align",
    "Image",
    "Logo",
    "Margins",
    "PageLine",
    "Role",
    "Sizes",
    "Style",
    "Theme",
]

PAPERS: Final[Mapping[str, tuple[float, float]]] = {
    "A4": (595.28, 841.89),
    "A3": (841.89, 1190.55),
    "Letter": (612.0, 792.0),
    "Legal": (612.0, 1008.0),
}
"""Width and height in points of each paper, upright."""


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
    locked: bool = True
    """Whether the cell cannot be changed where its sheet is protected."""

    def with_(self, **changes: object) -> "Style":
        """Return the style with some of its fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the fields' own types are checked by callers' tests


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of letters, in points: five, which is as many as a workbook bears."""

    title: float = 16
    heading: float = 12
    figure: float = 12
    body: float = 10
    note: float = 10


@dataclass(frozen=True, slots=True)
class Margins:
    """Inches between the edges of the paper and what is printed."""

    left: float = 0.5
    right: float = 0.5
    top: float = 0.6
    bottom: float = 0.75


@dataclass(frozen=True, slots=True)
class PageLine:
    """The three parts of a header or footer.

    In a theme they are texts with words in braces, see `page_lines`. In a plan they are what Excel keeps:
    ``&P`` is the page, ``&N`` the number of pages, ``&A`` the sheet, and ``&&`` an ampersand.
    """

    left: str = ""
    middle: str = ""
    right: str = ""


NO_LINE: Final = PageLine()
USUAL_FOOTER: Final = PageLine("{title}", "{sheet}", key("Page {page} of {pages}"))


@dataclass(frozen=True, slots=True)
class Image:
    """The bytes of a picture, and its size in pixels."""

    content: bytes = field(repr=False)
    kind: Literal["png", "jpeg"]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Logo:
    """The picture at the top right of sheets."""

    image: Image
    alt_text: str
    everywhere: bool = True
    """On every sheet that presents something, or on the first one only."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Fonts, colours, number formats, paper and logo of one organisation's workbooks."""

    name: str = "xlreport"
    font: str = "Calibri"
    heading_font: str = ""
    """Font of titles and headings; an empty string where it is ``font``, too."""
    sizes: Sizes = Sizes()
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
    """Ratios, and decimals of the data, which show more places where they have them."""
    money_format: str = "#,##0.00"
    """Amounts in full."""
    scaled_money_format: str = "#,##0.0"
    """Amounts in thousands or millions, before what scales them is added."""
    percent_format: str = "0.0%"
    date_format: str = "yyyy-mm-dd"
    datetime_format: str = "yyyy-mm-dd hh:mm:ss"
    paper: str = "A4"
    """One of `PAPERS`."""
    margins: Margins = Margins()
    header: PageLine = NO_LINE
    footer: PageLine = USUAL_FOOTER
    organisation: str = ""
    """Name of the organisation that reports, where the report gives none."""
    logo: Logo | None = None
    styles: dict[Role, Style] = field(default_factory=dict)
    """A style per role where the theme departs from the one derived from its colours."""

    def style(self, role: Role) -> Style:
        """Return the style of ``role``, derived from the theme's font and colours."""
        if role in self.styles:
            return self.styles[role]
        base = Style(role=role, font=self.font, size=self.sizes.body, color=self.ink)
        return base.with_(**self._changes().get(role, {}))

    @property
    def digit_width(self) -> int:
        """Pixels that Excel takes a digit of the body's font for; the widths of columns count in them."""
        return round(self.exact_digit_width)

    @property
    def exact_digit_width(self) -> float:
        """The same as programs take it that do not round it, such as LibreOffice."""
        share = 0.507 if self.font == "Calibri" else 0.556  # of its height: Calibri's, and Arial's
        return self.sizes.body * 96 / 72 * share

    @property
    def line_height(self) -> float:
        """Points that a line of the body's text takes."""
        return 1.35 * self.sizes.body

    def printable(self, *, landscape: bool) -> tuple[int, int]:
        """Return the points across and down that the paper leaves to print on, with some to spare."""
        width, height = PAPERS[self.paper]
        if landscape:
            width, height = height, width
        across = width - 72 * (self.margins.left + self.margins.right) - 8
        down = height - 72 * (self.margins.top + self.margins.bottom) - 14
        return int(across), int(down)

    def _changes(self) -> dict[Role, dict[str, object]]:
        sizes, soft = self.sizes, self.accent_soft
        heading = {"font": self.heading_font or self.font, "bold": True, "color": self.accent}
        return {
            Role.TITLE: {**heading, "size": sizes.title},
            Role.SUBTITLE: {"size": sizes.note, "color": self.muted},
            Role.HEADING: {**heading, "size": sizes.heading},
            Role.HEADER: {"bold": True, "color": "FFFFFF", "fill": self.accent, "wrap": True},
            Role.SUBTOTAL: {"bold": True, "fill": soft},
            Role.TOTAL: {"bold": True, "top": self.accent, "bottom": self.accent, "fill": soft},
            Role.FIGURE: {"size": sizes.figure, "bold": True, "color": self.accent},
            Role.TEXT: {"wrap": True, "vertical": "top"},
            Role.NOTE: {
                "size": sizes.note,
                "color": self.muted,
                "italic": True,
                "wrap": True,
                "vertical": "top",
            },
            Role.LINK: {"color": self.accent, "underline": True},
            Role.GOOD: {"bold": True, "color": self.good},
            Role.BAD: {"bold": True, "color": self.bad},
        }


DEFAULT_THEME: Final = Theme()
