"""Rules of the workbook lint for slicers, and for charts that follow a pivot."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from lint_pivots import repeated
from opened_pivots import DATA_FIELD, VALUES, X14, X15, Pivot, caches, kind, number, pivots
from opened_workbook import LINK, MAIN, Book, Sheet, decoded

SLICER_RULES: dict[str, Callable[[Book], Iterable[str]]] = {}

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
SLICER = "{http://schemas.microsoft.com/office/drawing/2010/slicer}slicer"
COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
UID = "{http://schemas.microsoft.com/office/spreadsheetml/2016/revision10}uid"
RELATION = "http://schemas.microsoft.com/office/2007/relationships/"
OF_PIVOTS, OF_TABLES = "{A8765BA9-456A-4DAB-B4F3-ACF838C121DE}", "{3A4CF648-6AED-40F4-86FF-DC5316D8AED3}"
CACHES_OF_PIVOTS = "{BBE1A952-AA13-448E-AADC-164F8A28A991}"
CACHES_OF_TABLES = "{46BE6895-7355-4A93-B00E-2C351335B9C9}"


def rule(function: Callable[[Book], Iterable[str]]) -> Callable[[Book], Iterable[str]]:
    SLICER_RULES[function.__name__.replace("_", "-")] = function
    return function


@dataclass
class Slicer:
    """A slicer on its sheet, with what it filters."""

    name: str
    root: ET.Element
    sheet: Sheet
    cache: ET.Element | None
    uri: str
    """Of the extension that names it on its sheet."""

    @property
    def is_of_table(self) -> bool:
        return self.cache is not None and self.cache.find(f".//{X15}tableSlicerCache") is not None


def slicer_caches(book: Book) -> dict[str, ET.Element]:
    trees = [book.tree(part) for part in book.related("xl/workbook.xml", "slicerCache")]
    return {tree.get("name", ""): tree for tree in trees}


def slicers(book: Book) -> Iterator[Slicer]:
    known = slicer_caches(book)
    for sheet in book.sheets:
        targets = {relation: target for relation, _, target, _ in book.relations(sheet.part)}
        for extension in sheet.root.iterfind(f"{MAIN}extLst/{MAIN}ext"):
            for entry in extension.iter(f"{X14}slicer"):
                part = targets.get(entry.get(LINK, ""), "")
                for root in book.tree(part) if part in book.parts else ():
                    name, uri = root.get("name", ""), extension.get("uri", "").upper()
                    yield Slicer(name, root, sheet, known.get(root.get("cache", "")), uri)


@rule
def extensions(book: Book) -> Iterator[str]:
    trees = {sheet.name: sheet.root for sheet in book.sheets} | {"the workbook": book.workbook}
    for name, root in trees.items():
        order = [kind(element) for element in root]
        if order.count("extLst") > 1:
            yield f"{name} has {order.count('extLst')} lists of extensions"
        elif "extLst" in order and order[-1] != "extLst":
            yield f"{name} has its extensions before {order[-1]}"
        uris = [entry.get("uri", "").upper() for entry in root.iterfind(f"{MAIN}extLst/{MAIN}ext")]
        yield from (f"{name} has the extension {uri} twice" for uri in repeated(uris))


@rule
def slicer_names(book: Book) -> Iterator[str]:
    found, known = list(slicers(book)), slicer_caches(book)
    yield from (f"two slicers are called {name}" for name in repeated(it.name.lower() for it in found))
    names = {name.get("name", ""): name.text for name in book.names}
    for name in known:
        if names.get(name) != "#N/A":
            yield f"the name {name} stands for {names.get(name)}"
    uids = [element.get(UID) for element in (*known.values(), *(it.root for it in found))]
    if any(uids) and (None in uids or len(set(uids)) < len(uids)):
        yield "not all slicers have an identity of their own"


@rule
def slicer_parts(book: Book) -> Iterator[str]:
    """Look whether everything that belongs to a slicer is there and leads to the other."""
    found = list(slicers(book))
    for part in book.parts:
        for name, what, target, _ in book.relations(part):
            address = relation_type(book, part, name)
            if what in ("slicer", "slicerCache") and address != f"{RELATION}{what}":
                yield f"{part} leads to {target} by {address}"
    linked = {part for sheet in book.sheets for part in book.related(sheet.part, "slicer")}
    listed = {it.root for it in found}
    if any(root not in listed for part in linked for root in book.tree(part)):
        yield "a slicer is named on no sheet"
    for it in found:
        yield from (f"{it.name}: {problem}" for problem in slicer_problems(book, it))
    registered = workbook_caches(book)
    for name, root in slicer_caches(book).items():
        wanted = CACHES_OF_TABLES if root.find(f".//{X15}tableSlicerCache") is not None else CACHES_OF_PIVOTS
        if registered.get(name) != wanted:
            yield f"{name} is named in the workbook under {registered.get(name)}"


def relation_type(book: Book, part: str, name: str) -> str:
    folder, _, file = part.rpartition("/")
    tree = book.tree(f"{folder}/_rels/{file}.rels")
    return next(entry.get("Type", "") for entry in tree if entry.get("Id") == name)


def workbook_caches(book: Book) -> dict[str, str]:
    """Return the extension of the workbook that names each slicer cache."""
    targets = {relation: target for relation, _, target, _ in book.relations("xl/workbook.xml")}
    return {
        book.tree(targets[entry.get(LINK, "")]).get("name", ""): extension.get("uri", "").upper()
        for extension in book.workbook.iterfind(f"{MAIN}extLst/{MAIN}ext")
        for entry in extension.iter(f"{X14}slicerCache")
        if targets.get(entry.get(LINK, "")) in book.parts
    }


def slicer_problems(book: Book, slicer: Slicer) -> Iterator[str]:
    if slicer.cache is None:
        yield f"there is no slicer cache {slicer.root.get('cache')}"
        return
    wanted = OF_TABLES if slicer.is_of_table else OF_PIVOTS
    if slicer.uri != wanted:
        yield f"its sheet names it under {slicer.uri}"
    drawn = [
        frame.get("name")
        for part in book.related(slicer.sheet.part, "drawing")
        for choice in book.tree(part).iter(f"{COMPATIBLE}Choice")
        for frame in choice.iter(SLICER)
    ]
    if drawn.count(slicer.name) != 1:
        yield f"it is drawn {drawn.count(slicer.name)} times on its sheet"
    yield from (
        table_problems(book, slicer.cache) if slicer.is_of_table else pivot_problems(book, slicer.cache)
    )


def table_problems(book: Book, cache: ET.Element) -> Iterator[str]:
    source = cache.find(f".//{X15}tableSlicerCache")
    tables = {table.root.get("id"): table for table in book.tables}
    table = None if source is None else tables.get(source.get("tableId"))
    if source is None or table is None:
        yield "it filters a table that is not there"
        return
    columns = {entry.get("id"): entry.get("name", "") for entry in table.root.iter(f"{MAIN}tableColumn")}
    name = columns.get(source.get("column"))
    if name is None or decoded(name) != decoded(cache.get("sourceName", "")):
        yield f"column {source.get('column')} of {table.name} is {name!r}, not {cache.get('sourceName')!r}"
    if table.root.find(f"{MAIN}autoFilter") is None:
        yield f"{table.name} has no filter"


def pivot_problems(book: Book, cache: ET.Element) -> Iterator[str]:
    tabular = cache.find(f".//{X14}tabular")
    wanted = "" if tabular is None else tabular.get("pivotCacheId", "")
    source = next((it for it in caches(book) if it.slicers_number == wanted), None)
    if source is None:
        yield f"it filters by pivot cache {wanted}, which is not there"
        return
    names = [field.name for field in source.fields]
    field = decoded(cache.get("sourceName", ""))
    if field not in names:
        yield f"its cache has no field {field!r}"
        return
    at = names.index(field)
    items = [number(item, "x", -1) for item in cache.iter(f"{X14}i")]
    if sorted(items) != list(range(len(source.fields[at].items))):
        yield f"it does not list every item of {field} once"
    entries = cache.findall(f"{X14}pivotTables/{X14}pivotTable")
    if not entries:
        yield "it filters no pivot"
    tabs = {sheet.get("sheetId"): sheet.get("name") for sheet in book.workbook.iter(f"{MAIN}sheet")}
    known = {(pivot.sheet.name, pivot.name): pivot for pivot in pivots(book)}
    for entry in entries:
        pivot = known.get((str(tabs.get(entry.get("tabId"))), entry.get("name", "")))
        if pivot is None:
            yield f"there is no pivot {entry.get('name')} on sheet {entry.get('tabId')}"
        elif pivot.root.get("cacheId") != source.number:
            yield f"{pivot.name} is not of cache {wanted}"
        elif not pivot.items(at):
            yield f"{pivot.name} does not list the items of {field}"


@rule
def slicers_of_one_field(book: Book) -> Iterator[str]:
    """A field of a pivot, or a column of a table, has one slicer cache at most."""
    keys = []
    for cache in slicer_caches(book).values():
        field = cache.get("sourceName", "")
        keys += [f"{it.get('tabId')}!{it.get('name')}: {field}" for it in cache.iter(f"{X14}pivotTable")]
        keys += [f"table {it.get('tableId')}: {field}" for it in cache.iter(f"{X15}tableSlicerCache")]
    yield from (f"two slicer caches filter {key}" for key in repeated(keys))


# --- charts that follow a pivot -----------------------------------------------------------------------


@rule
def pivot_charts(book: Book) -> Iterator[str]:
    known = {(pivot.sheet.name, pivot.name): pivot for pivot in pivots(book)}
    taken = []
    for part in [part for part in book.parts if part.startswith("xl/charts/chart")]:
        root = book.tree(part)
        source = root.find(f"{CHART}pivotSource")
        if source is None:
            continue
        text = source.findtext(f"{CHART}name", "")
        match = re.fullmatch(r"\[[^\]]*\](.+)!([^!]+)", text)
        pivot = known.get((match[1], match[2])) if match else None
        if pivot is None:
            yield f"{part} follows {text}, which is no pivot"
            continue
        chart = source.find(f"{CHART}fmtId")
        number_ = "-1" if chart is None else chart.get("val", "-1")
        taken.append(f"{text} as chart {number_}")
        yield from (f"{part}: {problem}" for problem in look_problems(pivot, root, number_))
    yield from (f"two charts follow {key}" for key in repeated(taken))


def look_problems(pivot: Pivot, chart: ET.Element, chart_number: str) -> Iterator[str]:
    """Compare the looks that the chart keeps with those that the pivot gives to its columns."""
    kept = [entry.get("val", "") for entry in chart.iterfind(f".//{CHART}pivotFmt/{CHART}idx")]
    given = [entry for entry in pivot.root.iter(f"{MAIN}chartFormat") if entry.get("chart") == chart_number]
    if sorted(kept) != sorted(entry.get("format", "") for entry in given):
        yield f"it keeps the looks {kept}, and the pivot gives others"
    across = {*pivot.axis("colFields"), DATA_FIELD} - {VALUES}
    for reference in (it for entry in given for it in entry.iter(f"{MAIN}reference")):
        field = reference.get("field", "")
        most = len(pivot.values) if field == DATA_FIELD else len(pivot.items(int(field)))
        if field not in across or any(number(item, "v") >= most for item in reference):
            yield f"a look is given to item {[item.get('v') for item in reference]} of field {field}"
