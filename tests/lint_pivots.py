"""Rules of the workbook lint for native PivotTables and their caches.

Each takes a workbook and yields what would make Excel offer to repair it, or refresh a pivot to something
else than its cells show.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from xml.etree import ElementTree as ET

from opened_pivots import (
    VALUES,
    Cache,
    CacheField,
    Pivot,
    cache_of,
    caches,
    is_on,
    kind,
    number,
    pivots,
    table_columns,
)
from opened_workbook import LINK, MAIN, Book, overlaps, parsed_cell

PIVOT_RULES: dict[str, Callable[[Book], Iterable[str]]] = {}

AXES = {"rowFields": "axisRow", "colFields": "axisCol"}
LINES = {"rowItems": "rowFields", "colItems": "colFields"}
TOTALS = {"rowItems": "rowGrandTotals", "colItems": "colGrandTotals"}
PREVIOUS, NEXT = 1_048_828, 1_048_829


def rule(function: Callable[[Book], Iterable[str]]) -> Callable[[Book], Iterable[str]]:
    PIVOT_RULES[function.__name__.replace("_", "-")] = function
    return function


def repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


# --- caches -----------------------------------------------------------------------------------------


@rule
def pivot_caches(book: Book) -> Iterator[str]:
    found = caches(book)
    entries = list(book.workbook.iter(f"{MAIN}pivotCache"))
    kinds = {relation: what for relation, what, *_ in book.relations("xl/workbook.xml")}
    for entry in entries:
        what = kinds.get(entry.get(LINK, ""))
        if what != "pivotCacheDefinition":
            yield f"cache {entry.get('cacheId')} is reached by a relation of kind {what}"
    yield from (f"two caches are called {name}" for name in repeated(cache.number for cache in found))
    order = [kind(element) for element in book.workbook]
    if "pivotCaches" in order and "calcPr" in order and order.index("pivotCaches") < order.index("calcPr"):
        yield "pivotCaches stand before calcPr"
    used = {pivot.root.get("cacheId") for pivot in pivots(book)}
    for cache in found:
        if cache.number not in used:
            yield f"no pivot uses cache {cache.number}"
        yield from (f"{cache.part}: {problem}" for problem in cache_problems(book, cache))


def cache_problems(book: Book, cache: Cache) -> Iterator[str]:
    root, names = cache.root, [field.name for field in cache.fields]
    source = root.find(f".//{MAIN}worksheetSource")
    table = "" if source is None else source.get("name", "")
    columns = table_columns(book, table)
    if columns is None:
        yield f"there is no table {table!r}"
    elif len(columns) != len(names):
        yield f"{len(names)} fields for the {len(columns)} columns of {table}"
    elif columns != names:
        yield f"the fields {names} are not the columns {columns}"
    yield from (f"two fields are called {name!r}" for name in repeated(map(str.lower, names)))
    if any(not name.strip() for name in names):
        yield "a field has no name"
    if number(root.find(f"{MAIN}cacheFields"), "count", len(names)) != len(names):
        yield "the number of its fields is wrong"
    records = book.related(cache.part, "pivotCacheRecords")
    if not records and is_on(root, "saveData", default=True):
        yield "it has no records and does not say so"
    if not records and not is_on(root, "refreshOnLoad"):
        yield "it has no records and is not refreshed on load"


@rule
def pivot_shared_items(book: Book) -> Iterator[str]:
    for cache in caches(book):
        for field in cache.fields:
            where = f"{cache.part}: {field.name!r}"
            yield from (f"{where} {problem}" for problem in shared_problems(field))


def shared_problems(field: CacheField) -> Iterator[str]:
    shared = field.shared
    if shared is None:
        return
    if (count := shared.get("count")) is not None and int(count) != len(shared):
        yield f"lists {len(shared)} items and counts {count}"
    if len(shared) and count is None:
        yield "does not count its items"
    yield from (f"has the item {item!r} twice" for item in repeated(item.lower() for item in field.items))
    kinds = {kind(item) for item in shared}
    if kinds and ("s" in kinds) != is_on(shared, "containsString", default=True):
        yield "says something else of its texts than is there"
    if kinds and ("n" in kinds) != is_on(shared, "containsNumber"):
        yield "says something else of its numbers than is there"
    numbers = [float(item.get("v", "nan")) for item in shared if kind(item) == "n"]
    ends = [shared.get("minValue"), shared.get("maxValue")]
    if None not in ends and float(str(ends[0])) > float(str(ends[1])):
        yield f"has numbers from {ends[0]} to {ends[1]}"
    if numbers and [min(numbers), max(numbers)] != [float(end or "nan") for end in ends]:
        yield f"has other numbers than from {ends[0]} to {ends[1]}"
    long = any(len(field.text(at)) > 255 for at in range(len(shared)))
    if long and not is_on(shared, "longText"):
        yield "has a long item without saying so"


# --- pivots -----------------------------------------------------------------------------------------


@rule
def pivot_tables(book: Book) -> Iterator[str]:
    found = pivots(book)
    yield from (f"two pivots are called {name}" for name in repeated(it.name.lower() for it in found))
    for pivot in found:
        cache = cache_of(book, pivot)
        if cache is None:
            yield f"{pivot.name}: there is no cache {pivot.root.get('cacheId')}"
        elif book.related(pivot.part, "pivotCacheDefinition") != [cache.part]:
            yield f"{pivot.name}: its relation does not lead to its cache"


def with_caches(book: Book) -> Iterator[tuple[Pivot, Cache]]:
    for pivot in pivots(book):
        cache = cache_of(book, pivot)
        if cache is not None:
            yield pivot, cache


@rule
def pivot_fields(book: Book) -> Iterator[str]:
    for pivot, cache in with_caches(book):
        if len(pivot.fields) != len(cache.fields):
            yield f"{pivot.name}: {len(pivot.fields)} fields, in the cache {len(cache.fields)}"
            continue
        for at, field in enumerate(cache.fields):
            where = f"{pivot.name}: field {field.name!r}"
            yield from (f"{where} {problem}" for problem in field_problems(pivot, at, field))
        yield from (f"{pivot.name}: {problem}" for problem in axis_problems(pivot))


def field_problems(pivot: Pivot, at: int, field: CacheField) -> Iterator[str]:
    entry = pivot.fields[at]
    indexes = [number(item, "x", -1) for item in pivot.items(at)]
    if entry.get("axis") and not indexes:
        yield "is on an axis and has no items"
    if any(not 0 <= index < len(field.items) for index in indexes):
        yield f"has an item beyond the {len(field.items)} of the cache"
    if indexes and sorted(indexes) != list(range(len(field.items))):
        yield "does not list every item once"
    items = entry.find(f"{MAIN}items")
    if items is not None and number(items, "count", -1) != len(items):
        yield "counts its items wrongly"
    has_default = items is not None and any(item.get("t") == "default" for item in items)
    if indexes and has_default != is_on(entry, "defaultSubtotal", default=True):
        yield "has an item for its subtotal and none, or the other way round"
    is_value = any(number(value, "fld", -1) == at for value in pivot.values)
    if is_value != is_on(entry, "dataField"):
        yield "is a value without dataField, or the other way round"
    for reference in entry.iterfind(f"{MAIN}autoSortScope//{MAIN}reference/{MAIN}x"):
        if number(reference, "v") >= len(pivot.values):
            yield f"is sorted by value {reference.get('v')}"
    filtered = [number(it, "fld", -1) for it in pivot.root.iter(f"{MAIN}filter")]
    if is_on(entry, "measureFilter") != (at in filtered):
        yield "has measureFilter without a filter, or the other way round"


def axis_problems(pivot: Pivot) -> Iterator[str]:
    placed = [(name, axis, field) for name, axis in AXES.items() for field in pivot.axis(name)]
    placed += [("pageFields", "axisPage", page.get("fld", "")) for page in pivot.pages]
    real = [(name, axis, int(field)) for name, axis, field in placed if field != VALUES]
    yield from (f"field {it} is used twice" for it in repeated(str(field) for *_, field in real))
    for name, axis, field in real:
        if not 0 <= field < len(pivot.fields):
            yield f"{name} has field {field} of {len(pivot.fields)}"
        elif pivot.fields[field].get("axis") != axis:
            yield f"{name} has field {field}, which is not on {axis}"
    on_axis = {field for *_, field in real}
    for at, entry in enumerate(pivot.fields):
        if entry.get("axis") and at not in on_axis:
            yield f"field {at} is on {entry.get('axis')} and not among its fields"
    has_values = [field for *_, field in placed].count(VALUES)
    if has_values != (len(pivot.values) > 1):
        yield f"{len(pivot.values)} values stand on the axes {has_values} times"


@rule
def pivot_values(book: Book) -> Iterator[str]:
    known = {entry.get("numFmtId", "") for entry in book.tree("xl/styles.xml").iter(f"{MAIN}numFmt")}
    for pivot, cache in with_caches(book):
        names = [field.name.lower() for field in cache.fields]
        own = [(entry.get("name") or "").lower() for entry in pivot.fields]
        captions = [value.get("name", "").lower() for value in pivot.values]
        yield from (f"{pivot.name}: two values are called {name!r}" for name in repeated(captions))
        for caption in captions:
            if caption in names or caption in own or not caption.strip():
                yield f"{pivot.name}: the value {caption!r} is called like a field"
        for at, name in enumerate(own):
            others = [*names[:at], *names[at + 1 :], *own[:at], *own[at + 1 :]]
            if name and name in others:
                yield f"{pivot.name}: field {at} has the caption {name!r}, which is taken"
        for value in pivot.values:
            where = f"{pivot.name}: {value.get('name')}"
            yield from (f"{where} {problem}" for problem in value_problems(pivot, known, value))
        for entry in pivot.root.iter(f"{MAIN}filter"):
            value, field = number(entry, "iMeasureFld"), number(entry, "fld", -1)
            if value >= len(pivot.values) or not 0 <= field < len(names):
                yield f"{pivot.name}: a filter of field {field} by value {value}"


def value_problems(pivot: Pivot, formats: set[str], value: ET.Element) -> Iterator[str]:
    field, base, item = number(value, "fld", -1), number(value, "baseField"), number(value, "baseItem")
    if not 0 <= field < len(pivot.fields):
        yield f"is of field {field} of {len(pivot.fields)}"
    look = value.get("numFmtId", "0")
    if int(look) >= 164 and look not in formats:
        yield f"has number format {look}"
    goes_along = value.get("showDataAs") in ("difference", "percentDiff", "runTotal", "percent")
    if goes_along and str(base) not in (*pivot.axis("rowFields"), *pivot.axis("colFields")):
        yield f"goes along field {base}, which is on no axis"
    if item not in (0, PREVIOUS, NEXT) and item >= len(pivot.items(base)):
        yield f"is compared with item {item}"


@rule
def pivot_pages(book: Book) -> Iterator[str]:
    for pivot, _ in with_caches(book):
        for page in pivot.pages:
            field = number(page, "fld", -1)
            items = pivot.items(field) if 0 <= field < len(pivot.fields) else []
            hidden = [item for item in items if is_on(item, "h")]
            shown = number(page, "item")
            if shown >= max(1, len(items)):
                yield f"{pivot.name}: the filter of field {field} shows item {shown} of {len(items)}"
            if hidden and not is_on(pivot.fields[field], "multipleItemSelectionAllowed"):
                yield f"{pivot.name}: field {field} hides items and does not allow to choose several"
            if items and len(hidden) == len(items):
                yield f"{pivot.name}: field {field} hides all its items"
        place, pages = pivot.range, len(pivot.pages)
        if number(pivot.location, "rowPageCount") != pages:
            yield f"{pivot.name}: {pages} filters, counted {pivot.location.get('rowPageCount')}"
        if place is not None and pages and place.first_row < pages + 2:
            yield f"{pivot.name}: no room above for {pages} filters"


@rule
def pivot_lines(book: Book) -> Iterator[str]:
    for pivot, _ in with_caches(book):
        for name in LINES:
            yield from (f"{pivot.name}: {name} {problem}" for problem in line_problems(pivot, name))


def line_problems(pivot: Pivot, name: str) -> Iterator[str]:
    listed, lines = pivot.root.find(f"{MAIN}{name}"), list(pivot.lines(name))
    if listed is None or number(listed, "count", -1) != len(lines):
        yield "are not there or counted wrongly"
    if pivot.range is not None:
        down = pivot.range.height - number(pivot.location, "firstDataRow")
        across = pivot.range.width - number(pivot.location, "firstDataCol")
        cells = down if name == "rowItems" else across
        if cells != len(lines):
            yield f"have {len(lines)} lines for {cells} lines of cells"
    before: list[int] = []
    for at, (line, indexes, same) in enumerate(lines):
        if same > len(before):
            yield f"line {at} repeats {same} of {len(before)} items"
        yield from (f"line {at} {it}" for it in index_problems(pivot, pivot.axis(LINES[name]), line, indexes))
        before = indexes
    kinds = [line.get("t", "data") for line, *_ in lines]
    has_fields = any(field != VALUES for field in pivot.axis(LINES[name]))
    if ("grand" in kinds) != (has_fields and is_on(pivot.root, TOTALS[name], default=True)):
        yield f"have a grand total against {TOTALS[name]}, or none in spite of it"
    if "grand" in kinds and set(kinds[kinds.index("grand") :]) != {"grand"}:
        yield "have a grand total that is not at the end"
    keys = [f"{line.get('t', 'data')} {indexes} {line.get('i', '0')}" for line, indexes, _ in lines]
    yield from (f"have a line twice: {key}" for key in repeated(keys))


def index_problems(pivot: Pivot, fields: list[str], line: ET.Element, indexes: list[int]) -> Iterator[str]:
    what, value = line.get("t", "data"), number(line, "i")
    if len(indexes) > len(fields):
        yield f"is deeper than the {len(fields)} fields"
    elif what == "data" and fields and not indexes:
        yield "names no item"
    if value >= max(1, len(pivot.values)):
        yield f"shows value {value} of {len(pivot.values)}"
    named = list(zip(fields, indexes, strict=False)) if what != "grand" else []
    for field, index in named:
        most = len(pivot.values) if field == VALUES else len(pivot.items(int(field)))
        if not 0 <= index < most:
            yield f"names item {index} of {most}"
        if field == VALUES and index != value:
            yield "shows another value than it names"


# --- cells ------------------------------------------------------------------------------------------


@rule
def pivot_places(book: Book) -> Iterator[str]:
    found = pivots(book)
    for pivot in found:
        place, location = pivot.range, pivot.location
        if place is None:
            yield f"{pivot.name}: no range: {location.get('ref')}"
            continue
        row, column = number(location, "firstDataRow"), number(location, "firstDataCol")
        if row > place.height or column > place.width or number(location, "firstHeaderRow") > row:
            yield f"{pivot.name}: its cells begin outside {location.get('ref')}"
        tables = [table for table in book.tables if table.sheet is pivot.sheet]
        for table in tables:
            if overlaps(place, table.range):
                yield f"{pivot.name}: {location.get('ref')} reaches into table {table.name}"
    for one, other in combinations(found, 2):
        if one.sheet is other.sheet and overlaps(one.range, other.range):
            yield f"{one.name} and {other.name} overlap"


@rule
def pivot_cells(book: Book) -> Iterator[str]:
    """Look whether the label of each line stands in its cell; the others are reckoned up by LibreOffice."""
    for pivot, cache in with_caches(book):
        if pivot.range is None or len(pivot.fields) != len(cache.fields):
            continue
        cells = {parsed_cell(cell.get("r", "")): book.value(cell)[1] for cell in pivot.sheet.cells}
        fields = pivot.axis("rowFields")
        first = pivot.range.first_row + number(pivot.location, "firstDataRow")
        is_compact = is_on(pivot.root, "compact", default=True)
        for row, (line, indexes, same) in enumerate(pivot.lines("rowItems"), first):
            if line.get("t", "data") != "data":
                depths: Iterable[int] = ()
            else:
                depths = range(same, min(len(indexes), len(fields)))
            for depth in list(depths)[-1:] if is_compact else depths:
                column = pivot.range.first_column + (0 if is_compact else depth)
                wanted = label(pivot, cache, int(fields[depth]), indexes[depth])
                text = cells.get((row, column), "")
                if text != wanted:
                    yield f"{pivot.name}: row {row} is {wanted!r}, and there stands {text!r}"
            width = range(pivot.range.first_column, pivot.range.last_column + 1)
            if not any(cells.get((row, column)) for column in width):
                yield f"{pivot.name}: row {row} has no cells"


def label(pivot: Pivot, cache: Cache, field: int, index: int) -> str:
    items = pivot.items(field)
    return cache.fields[field].text(number(items[index], "x")) if 0 <= index < len(items) else ""
