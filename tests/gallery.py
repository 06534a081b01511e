"""Draw a picture of every page of every workbook that is worth seeing, to be looked at before a release.

``python -m tests.gallery [FOLDER]`` writes PNG files, and an index.html with all of them. LibreOffice prints
the workbooks and pdftoppm draws the pages. Of a table longer than two pages the first rows are shown.
"""

import html
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import xlreport
from xlreport.plan import WorkbookPlan

if __name__ == "__main__":  # the helpers of the tests are found as the tests find them
    sys.path.insert(0, str(Path(__file__).parent))

from libreoffice import SOFFICE, converted
from workbook_kinds import KINDS, in_small

DRAW = shutil.which("pdftoppm")
DOTS = 80
"""Dots an inch: enough to read every figure."""
PAGE = """\
<!doctype html><meta charset="utf-8"><title>Gallery</title>
<style>
body {{ font-family: sans-serif; margin: 2em }}
img {{ border: 1px solid #bbb; margin: 6px; max-width: 46% }}
</style>
<h1>Gallery</h1>
{parts}
"""


def pictured(folder: Path) -> Iterator[tuple[str, WorkbookPlan]]:
    """Yield the name and the plan of every workbook to draw; ``folder`` takes their data."""
    for kind in KINDS:
        if kind.pictured:
            place = folder / kind.name
            place.mkdir()
            yield kind.name, in_small(kind.planned(place)[1])


def draw(folder: Path) -> list[Path]:
    """Write the pictures and the index into ``folder``; return the pictures in the order of their pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as work:
        data = Path(work) / "data"
        data.mkdir()
        files = [xlreport.write(plan, Path(work) / f"{name}.xlsx") for name, plan in pictured(data)]
        printed = converted(files, Path(work), "pdf")
        for file in printed:
            _draw_pages(file, folder / file.stem)
    pictures = sorted(folder.glob("*.png"))
    (folder / "index.html").write_text(_index(pictures), encoding="utf-8")
    return pictures


def _draw_pages(file: Path, stem: Path) -> None:
    subprocess.run([str(DRAW), "-r", str(DOTS), "-png", str(file), str(stem)], check=True, timeout=240)


def _index(pictures: list[Path]) -> str:
    parts: dict[str, list[str]] = {}
    for picture in pictures:
        name = html.escape(picture.name)
        parts.setdefault(picture.stem.rpartition("-")[0], []).append(
            f'<a href="{name}"><img src="{name}" alt="{name}" loading="lazy"></a>'
        )
    return PAGE.format(
        parts="\n".join(
            f"<h2>{html.escape(name)}</h2>\n" + "\n".join(images) for name, images in parts.items()
        )
    )


def main(arguments: list[str]) -> int:
    """Draw the gallery; return the exit code."""
    missing = [name for name, found in (("LibreOffice (soffice)", SOFFICE), ("pdftoppm", DRAW)) if not found]
    if missing:
        sys.stderr.write(f"The gallery needs {' and '.join(missing)}; install it and run this again.\n")
        return 3
    folder = Path(arguments[0] if arguments else "gallery")
    pictures = draw(folder)
    sys.stdout.write(f"{len(pictures)} pictures; {folder / 'index.html'} shows them all\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
