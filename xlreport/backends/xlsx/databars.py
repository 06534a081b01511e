"""Turn the data bars of a worksheet into solid ones.

openpyxl writes the data bars of 2007, which fade out to the right and know no negative numbers. Excel
2010 added an extension to them, which older programs pass over.
"""

from typing import Final

from xlreport.backends.xlsx.extensions import FORMULAS, X14
from xlreport.plan import ConditionalFormat, SheetPlan

__all__ = ["solid_bars"]

_RULE_END: Final = "</dataBar></cfRule>"
_AXIS: Final = "FF7F7F7F"


def solid_bars(content: str, sheet: SheetPlan, number: int) -> tuple[str, str]:
    """Return the XML of the 1-based worksheet ``number`` with a name on each of its data bars.

    With it comes the extension that says under these names how they look; an empty text without bars.
    """
    bars = _as_written(sheet)
    if not bars:
        return content, ""
    names = [f"{{00000000-0000-4000-{number:04X}-{bar:012X}}}" for bar in range(1, len(bars) + 1)]
    pieces = content.split(_RULE_END)
    rules = "".join(piece + _rule_end(name) for piece, name in zip(pieces, names, strict=False)) + pieces[-1]
    extensions = "".join(map(_extension, bars, names))
    return rules, f"<x14:conditionalFormattings>{extensions}</x14:conditionalFormattings>"


def _as_written(sheet: SheetPlan) -> list[ConditionalFormat]:
    """Return the data bars in openpyxl's order: rules of one range stand together."""
    ranges = list(dict.fromkeys(rule.range for rule in sheet.conditional))
    bars = [rule for rule in sheet.conditional if rule.kind == "bar"]
    return sorted(bars, key=lambda bar: ranges.index(bar.range))


def _rule_end(name: str) -> str:
    return (
        f'</dataBar><extLst><ext uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}" xmlns:x14="{X14}">'
        f"<x14:id>{name}</x14:id></ext></extLst></cfRule>"
    )


def _extension(bar: ConditionalFormat, name: str) -> str:
    same = '"1"' if not bar.negative else '"0" border="1" negativeBarBorderColorSameAsPositive="0"'
    return (
        f'<x14:conditionalFormatting xmlns:xm="{FORMULAS}"><x14:cfRule type="dataBar" id="{name}">'
        f'<x14:dataBar minLength="0" maxLength="90" gradient="0" negativeBarColorSameAsPositive={same}>'
        f'<x14:cfvo type="autoMin"/><x14:cfvo type="autoMax"/>{_negative(bar)}<x14:axisColor rgb="{_AXIS}"/>'
        f"</x14:dataBar></x14:cfRule><xm:sqref>{bar.range}</xm:sqref></x14:conditionalFormatting>"
    )


def _negative(bar: ConditionalFormat) -> str:
    """Return the colours of the outlines, and of the bars below zero."""
    if not bar.negative:
        return ""
    outline = f'<x14:borderColor rgb="FF{bar.color}"/>'
    color = f'rgb="FF{bar.negative}"'
    return f"{outline}<x14:negativeFillColor {color}/><x14:negativeBorderColor {color}/>"
