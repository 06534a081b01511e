"""LibreOffice as a witness for tests: what it calculates, and what it prints.

One start takes about two seconds whatever the number of files, so the functions take all of them at once.
"""

import csv
import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")
SYSTEM_PYTHON = shutil.which("python3", path="/usr/bin:/bin:/usr/local/bin")
PDFTOTEXT = shutil.which("pdftotext")

needs_soffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
needs_pdftotext = pytest.mark.skipif(PDFTOTEXT is None, reason="pdftotext (poppler-utils) is not installed")


def _has_uno() -> bool:
    """Tell whether the system's Python can talk to LibreOffice."""
    if SYSTEM_PYTHON is None or SOFFICE is None:
        return False
    return (
        subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode == 0
    )


needs_uno = pytest.mark.skipif(
    not _has_uno(),
    reason="the system's Python has no module uno (LibreOffice and python3-uno are not installed)",
)
_ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
"""Comma, double quote, UTF-8, from row 1, plain values, every sheet into a file of its own."""
_ALWAYS_RECALCULATE = """\
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""

Cells = list[list[str]]
Computed = dict[str, list[list[float | str | None]]]
"""Cells of pivots by name: numbers, texts (also for empty cells), None for errors."""


def converted(sources: Iterable[Path], folder: Path, target: str) -> list[Path]:
    """Convert ``sources`` and return the new files; a profile of its own keeps other programs out of it."""
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(_ALWAYS_RECALCULATE)
    subprocess.run(
        [
            str(SOFFICE),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            target,
            "--outdir",
            str(folder / "out"),
            *map(str, sources),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    return sorted((folder / "out").iterdir())


def recalculated(files: Mapping[str, Path], folder: Path) -> dict[str, dict[str, Cells]]:
    """Return, for each name in ``files``, the texts of all cells by sheet, as LibreOffice calculates them.

    Numbers come with all their digits. The files are converted under numbers, which part the name of the
    file from that of the sheet.
    """
    folder.mkdir(exist_ok=True)
    numbered = {f"{number:03}": name for number, name in enumerate(files)}
    copies = [shutil.copy(files[name], folder / f"{number}.xlsx") for number, name in numbered.items()]
    found: dict[str, dict[str, Cells]] = {name: {} for name in files}
    for file in converted(map(Path, copies), folder, _ALL_SHEETS):
        number, _, sheet = file.name.removesuffix(".csv").partition("-")
        found[numbered[number]][sheet] = _cells(file)
    return found


def _cells(file: Path) -> Cells:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def printed(files: Iterable[Path], folder: Path, *, pages: int = 40) -> dict[str, str]:
    """Return the text of the first ``pages`` pages of each file, by its stem."""
    setting = json.dumps({"PageRange": {"type": "string", "value": f"1-{pages}"}})
    return {file.stem: _text_of(file) for file in converted(files, folder, f"pdf:calc_pdf_Export:{setting}")}


def _text_of(file: Path) -> str:
    return subprocess.run(
        [str(PDFTOTEXT), "-layout", str(file), "-"], check=True, capture_output=True, text=True
    ).stdout


def pivots_of(files: Iterable[Path], folder: Path) -> list[Computed]:
    """Return the cells of all pivots of each file, by name, as LibreOffice computes them from the source."""
    profile = folder / "pivot-profile"
    profile.mkdir()
    command = [str(SYSTEM_PYTHON), str(Path(__file__).with_name("libreoffice_pivots.py")), str(profile)]
    output = subprocess.run(
        [*command, *map(str, files)], check=True, capture_output=True, text=True, timeout=240
    ).stdout
    return [
        {pivot["name"]: pivot["cells"] for pivots in json.loads(line).values() for pivot in pivots}
        for line in output.splitlines()
    ]
