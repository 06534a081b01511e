"""Let LibreOffice compute the pivots of workbooks anew, over UNO.

Run by the Python that has the module ``uno``, which is the system's: ``python libreoffice_pivots.py PROFILE
FILE...`` prints one line of JSON per file: for each sheet its pivots, each with its name, its first row and
column (0-based) and its cells: a number, a text, an empty text for an empty cell, null for an error.
"""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found,unused-ignore]  # only the system's Python has it
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found,unused-ignore]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found,unused-ignore]

SECONDS = 60


@contextlib.contextmanager
def desktop(profile: Path) -> Iterator[Any]:
    """Start LibreOffice with a profile of its own and give its desktop."""
    pipe = f"pivots{profile.stat().st_ino}"
    office = subprocess.Popen(
        [  # noqa: S607  # found on the path, as by the tests
            "soffice",
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
            "--nologo",
            "--nodefault",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        context = connected(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        found = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        yield found
        with contextlib.suppress(Exception):  # it goes while it answers
            found.terminate()
        office.wait(20)
    finally:
        office.kill()


def connected(address: str) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + SECONDS
    while True:
        try:
            return resolver.resolve(address)
        except NoConnectException:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def elements(container: Any) -> list[Any]:
    return [container.getByIndex(number) for number in range(container.Count)]


def pivots(office: Any, file: Path) -> dict[str, list[dict[str, Any]]]:
    hidden = PropertyValue(Name="Hidden", Value=True)
    document = office.loadComponentFromURL(file.resolve().as_uri(), "_blank", 0, (hidden,))
    try:
        return {
            sheet.Name: [computed(sheet, pivot) for pivot in elements(sheet.DataPilotTables)]
            for sheet in elements(document.Sheets)
        }
    finally:
        document.close(True)  # noqa: FBT003  # UNO knows no keywords


def computed(sheet: Any, pivot: Any) -> dict[str, Any]:
    pivot.refresh()
    place = pivot.OutputRange
    cells = sheet.getCellRangeByPosition(
        place.StartColumn, place.StartRow, place.EndColumn, place.EndRow
    ).getDataArray()
    return {"name": pivot.Name, "row": place.StartRow, "column": place.StartColumn, "cells": cells}


if __name__ == "__main__":
    with desktop(Path(sys.argv[1])) as office:
        for name in sys.argv[2:]:
            print(json.dumps(pivots(office, Path(name))))  # noqa: T201  # this is the program's output
