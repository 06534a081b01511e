"""What the tests of the reading stage share: write files, read them, look at records and findings."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xlreport import sources
from xlreport.findings import Finding
from xlreport.tables import Dataset, Field, Kind, Record, Resource

SHARED = Path(__file__).parents[1] / "../shared/data"
"""Real data that nobody here wrote, beside the checkout."""

Fields = Mapping[str, Mapping[str, Field]]


def shared(name: str) -> Path:
    """Return a folder of the shared data, or skip the test where it is not there."""
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"the shared data {name} is not beside the checkout")
    return folder


def read(*inputs: str | Path, fields: Fields | None = None) -> Dataset:
    return sources.open_dataset(sources.describe(inputs), fields or {})


def only(dataset: Dataset) -> Resource:
    """Return the one resource of a dataset."""
    (resource,) = dataset.resources
    return resource


def records(resource: Resource) -> list[Record]:
    return list(resource.records())


def findings(resource: Resource) -> list[Finding]:
    return [finding for batch in resource.batches() for finding in batch.findings]


def codes(resource: Resource) -> list[str]:
    return [finding.code for finding in findings(resource)]


def finding(resource: Resource, code: str) -> Finding:
    """Return the one finding of that code."""
    (found,) = [each for each in findings(resource) if each.code == code]
    return found


def places(resource: Resource, *path: str | int) -> list[str]:
    """Return the place of the value at ``path`` in every record."""
    return [
        str(batch.origin.place(position, path))
        for batch in resource.batches()
        for position in range(len(batch.records))
    ]


def fields(*described: Field) -> dict[str, dict[str, Field]]:
    """Return the fields for whatever resource there is."""
    return {"*": {field.path: field for field in described}}


def field(path: str, kind: Kind = Kind.TEXT, title: str = "", *, required: bool = False) -> Field:
    return Field(path, title or path.rpartition("/")[2].capitalize(), kind, required=required)


def text_file(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def dataset_file(folder: Path, *resources: Mapping[str, Any], **more: object) -> Path:
    """Write a dataset file into the folder and return its path."""
    return text_file(folder / "dataset.json", json.dumps({**more, "resources": resources}))
