"""Turn a plan into an .xlsx workbook.

openpyxl builds the structure and the styles; the cells are written by column, straight into the ZIP
package. Every sheet goes this way, small or large. The same plan gives the same bytes.
"""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from openpyxl import Workbook

from xlreport.backends.xlsx.entry import dress_columns
from xlreport.backends.xlsx.markup import Registers
from xlreport.backends.xlsx.package import write_package
from xlreport.backends.xlsx.parts import SHARED_STRINGS, STYLES, package_parts, sheet_part, stylesheet
from xlreport.backends.xlsx.pictures import media_parts
from xlreport.backends.xlsx.sheetdata import sheet_rows
from xlreport.backends.xlsx.strings import SharedStrings
from xlreport.backends.xlsx.styles import Formats
from xlreport.backends.xlsx.workbook import structure
from xlreport.collector import collector_resting
from xlreport.files import Compression, check_compression, replacing
from xlreport.plan import SheetPlan, WorkbookPlan

__all__ = ["Compression", "Progress", "to_bytes", "write"]

Progress = Callable[[str, int], None]
"""Called with a sheet's name and the number of its rows written so far."""


def write(
    plan: WorkbookPlan,
    path: str | Path,
    *,
    compression: Compression = "speed",
    progress: Progress | None = None,
) -> Path:
    """Write the workbook to ``path`` in one step and return the path.

    ``compression`` is "speed" or, for a smaller file that takes longer to write, "size".

    MachineError where it cannot be written; the file that was there then stays as it was. UsageError
    where a sheet is larger than Excel opens, or for another ``compression``. ValueError or TypeError where
    the plan has something that no workbook can hold, such as NaN.
    """
    path = Path(path)
    with replacing(path) as temporary, temporary.open("xb") as file:
        _save(plan, file, compression, progress)
    return path


def to_bytes(plan: WorkbookPlan, *, compression: Compression = "speed") -> bytes:
    """Return the workbook as the bytes of its file; errors as in `write`."""
    file = io.BytesIO()
    _save(plan, file, compression, None)
    return file.getvalue()


def _save(plan: WorkbookPlan, file: IO[bytes], compression: Compression, progress: Progress | None) -> None:
    check_compression(compression)
    with collector_resting():
        workbook = structure(plan)
        registers = Registers(Formats(workbook, plan.theme), SharedStrings())
        dress_columns(workbook, plan, registers.formats)
        if plan.caches:
            registers.formats.name_pivot_styles()
        write_package(file, _parts(plan, workbook, registers, progress), compression=compression)


def _parts(
    plan: WorkbookPlan, workbook: Workbook, registers: Registers, progress: Progress | None
) -> Iterator[tuple[str, Iterator[str] | bytes]]:
    """Yield the parts in their order; styles and strings come last, when the cells have named them all."""
    sheets = {sheet_part(number): sheet for number, sheet in enumerate(plan.sheets, 1)}
    for name, content in package_parts(workbook, plan, registers.formats).items():
        if name in sheets:
            yield name, _sheet(sheets[name], content, registers, progress)
        else:
            yield name, iter((content,))
    yield SHARED_STRINGS, registers.strings.part()
    yield STYLES, iter((stylesheet(workbook),))
    yield from media_parts(plan)


def _sheet(sheet: SheetPlan, content: str, registers: Registers, progress: Progress | None) -> Iterator[str]:
    """Yield a worksheet with our rows in the place of openpyxl's."""
    head, _, rest = content.partition("<sheetData>")
    _, _, tail = rest.partition("</sheetData>")
    yield head + "<sheetData>"
    written = 0
    for height, rows in sheet_rows(sheet, registers):
        yield rows
        written += height
        if progress is not None:
            progress(sheet.name, written)
    yield "</sheetData>" + tail
