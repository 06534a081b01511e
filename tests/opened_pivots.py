"""The native PivotTables and slicers of an opened workbook, for the lint."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from xml.etree import ElementTree as ET

from opened_workbook import LINK, MAIN, Book, Sheet, decoded, parsed_range

from xlreport.cells import Range

X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
X15 = "{http://schemas.microsoft.com/office/spreadsheetml/2010/11/main}"
VALUES = "-2"
DATA_FIELD = "4294967294"
DEFAULTS = {"rowItems": "rowFields", "colItems": "colFields"}


def number(element: ET.Element | None, name: str, default: int = 0) -> int:
    """Return an attribute that is a whole number; -1 where it is something else."""
    text = str(default) if element is None else element.get(name, str(default))
    return int(text) if text.lstrip("-").isdigit() else -1


def is_on(element: ET.Element, name: str, *, default: bool = False) -> bool:
    return element.get(name, "1" if default else "0") in ("1", "true")


@dataclass
class CacheField:
    """A field of a cache, with what it lists."""

    name: str
    shared: ET.Element | None

    @cached_property
    def items(self) -> list[str]:
        """Kind and text of each item, such as ``s:North``."""
        return [f"{kind(item)}:{decoded(item.get('v', ''))}" for item in self.shared or ()]

    def text(self, position: int) -> str:
        return self.items[position].partition(":")[2] if 0 <= position < len(self.items) else ""


def kind(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


@dataclass
class Cache:
    """A pivot cache: its number in the workbook, its part and its parsed XML."""

    number: str
    part: str
    root: ET.Element

    @cached_property
    def fields(self) -> list[CacheField]:
        return [
            CacheField(decoded(field.get("name", "")), field.find(f"{MAIN}sharedItems"))
            for field in self.root.iter(f"{MAIN}cacheField")
        ]

    @cached_property
    def slicers_number(self) -> str:
        """The number by which slicers know it."""
        found = self.root.find(f".//{X14}pivotCacheDefinition")
        return "" if found is None else found.get("pivotCacheId", "")


@dataclass
class Pivot:
    """A PivotTable on its sheet."""

    part: str
    sheet: Sheet
    root: ET.Element

    @cached_property
    def name(self) -> str:
        return self.root.get("name", "")

    @cached_property
    def location(self) -> ET.Element:
        found = self.root.find(f"{MAIN}location")
        return ET.Element("location") if found is None else found

    @cached_property
    def range(self) -> Range | None:
        return parsed_range(self.location.get("ref", ""))

    @cached_property
    def fields(self) -> list[ET.Element]:
        return self.root.findall(f"{MAIN}pivotFields/{MAIN}pivotField")

    @cached_property
    def values(self) -> list[ET.Element]:
        return self.root.findall(f"{MAIN}dataFields/{MAIN}dataField")

    def axis(self, name: str) -> list[str]:
        """Return the fields of ``rowFields`` or ``colFields``."""
        return [field.get("x", "") for field in self.root.findall(f"{MAIN}{name}/{MAIN}field")]

    @cached_property
    def pages(self) -> list[ET.Element]:
        return self.root.findall(f"{MAIN}pageFields/{MAIN}pageField")

    def items(self, field: int) -> list[ET.Element]:
        """Return the items of a field but those of subtotals."""
        found = self.fields[field].findall(f"{MAIN}items/{MAIN}item") if field < len(self.fields) else []
        return [item for item in found if item.get("t", "data") == "data"]

    def lines(self, name: str) -> Iterator[tuple[ET.Element, list[int], int]]:
        """Yield each line of ``rowItems`` or ``colItems``, its indexes, and how many of them it repeats."""
        before: list[int] = []
        for line in self.root.findall(f"{MAIN}{name}/{MAIN}i"):
            repeated = number(line, "r")
            named = [number(item, "v") for item in line.findall(f"{MAIN}x")]
            yield line, [*before[:repeated], *named], repeated
            before = [*before[:repeated], *named]


def caches(book: Book) -> list[Cache]:
    targets = {relation: target for relation, _, target, _ in book.relations("xl/workbook.xml")}
    found = [
        (entry.get("cacheId", ""), targets.get(entry.get(LINK, ""), ""))
        for entry in book.workbook.iter(f"{MAIN}pivotCache")
    ]
    return [Cache(name, part, book.tree(part)) for name, part in found if part in book.parts]


def pivots(book: Book) -> list[Pivot]:
    return [
        Pivot(part, sheet, book.tree(part))
        for sheet in book.sheets
        for part in book.related(sheet.part, "pivotTable")
    ]


def cache_of(book: Book, pivot: Pivot) -> Cache | None:
    return next((cache for cache in caches(book) if cache.number == pivot.root.get("cacheId")), None)


def table_columns(book: Book, name: str) -> list[str] | None:
    return next((table.columns for table in book.tables if table.name.lower() == name.lower()), None)
