"""Turn the pictures of a plan into openpyxl's, and store one that stands on many sheets once.

openpyxl's own way to a picture goes through Pillow, which would have to be there for a logo; the bytes and
the size are known already.
"""

import re
from collections.abc import Iterator
from typing import Final

from openpyxl.drawing.image import Image as DrawnImage
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D

from xlreport.plan import Picture, SheetPlan, WorkbookPlan

__all__ = ["MEDIA", "DrawnPicture", "media_parts", "shapes_of", "with_shared_media"]

MEDIA: Final = "xl/media/"
_POINT: Final = 12_700
"""In EMU."""
_TARGET: Final = re.compile(r"/xl/media/image(\d+)\.\w+")


class DrawnPicture(DrawnImage):  # type: ignore[misc,unused-ignore]  # without openpyxl's stubs it is Any
    """A picture as openpyxl's writer asks for it."""

    def __init__(self, picture: Picture) -> None:
        """Place the picture at its cell; what makes openpyxl need Pillow is left out."""
        self.format = picture.image.kind
        self.anchor = OneCellAnchor(
            _from=AnchorMarker(
                col=picture.column - 1,
                colOff=round(picture.across * _POINT),
                row=picture.row - 1,
                rowOff=round(picture.down * _POINT),
            ),
            ext=XDRPositiveSize2D(round(picture.width * _POINT), round(picture.height * _POINT)),
        )

    def _data(self) -> bytes:
        """Return nothing: `media_parts` has the bytes."""
        return b""


def shapes_of(sheet: SheetPlan) -> list[tuple[str, str]]:
    """Return kind and alternative text of what openpyxl draws on a sheet, in its order."""
    charts = [("Chart", chart.alt_text) for chart in sheet.charts]
    return charts + [("Picture", picture.alt_text) for picture in sheet.pictures]


def _pictures(plan: WorkbookPlan) -> list[Picture]:
    """Return the pictures in the order in which openpyxl numbers them."""
    return [picture for sheet in plan.sheets for picture in sheet.pictures]


def _names(plan: WorkbookPlan) -> list[str]:
    """Return for each picture the part that holds it: the same for the same picture."""
    images = [picture.image for picture in _pictures(plan)]
    return [f"{MEDIA}image{images.index(image) + 1}.{image.kind}" for image in images]


def with_shared_media(relations: str, plan: WorkbookPlan) -> str:
    """Return the relations of a drawing, with each picture's leading to the part that holds it."""
    names = _names(plan)
    return _TARGET.sub(lambda found: "/" + names[int(found[1]) - 1], relations)


def media_parts(plan: WorkbookPlan) -> Iterator[tuple[str, bytes]]:
    """Yield the parts with the bytes of pictures."""
    contents = (picture.image.content for picture in _pictures(plan))
    yield from dict(zip(_names(plan), contents, strict=True)).items()
