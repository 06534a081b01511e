"""Turn a theme into the theme part of a workbook.

With it whatever a reader adds, a chart or another table style, comes in the colours and the fonts of the
report.
"""

import itertools
import re

from openpyxl.writer.theme import theme_xml

from xlreport.styles import Theme

__all__ = ["office_theme"]


def office_theme(theme: Theme) -> str:
    """Return Office's theme with the colours and the fonts of ``theme``."""
    colors = dict(
        zip((f"accent{place}" for place in range(1, 7)), itertools.cycle(theme.series), strict=False)
    )
    colors |= {"dk2": theme.accent, "hlink": theme.accent, "folHlink": theme.muted}
    xml = str(theme_xml)
    for name, color in colors.items():
        xml = re.sub(rf"(<a:{name}>\s*)<a:srgbClr val=\"\w+\"/>", rf'\g<1><a:srgbClr val="{color}"/>', xml)
    for kind, font in (("major", theme.heading_font or theme.font), ("minor", theme.font)):
        xml = re.sub(rf'(<a:{kind}Font>\s*<a:latin typeface=")[^"]*', rf"\g<1>{font}", xml)
    return xml
