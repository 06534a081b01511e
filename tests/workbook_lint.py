"""Find what makes Excel offer to repair a workbook and no schema forbids.

``problems(path)`` returns one line per problem, beginning with the name of the rule. The rules need
nothing but the standard library, so that tests can hold every workbook that they write to them.
"""

import math
import posixpath
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from xml.etree import ElementTree as ET

import lint_entry
from lint_pivots import PIVOT_RULES
from lint_slicers import SLICER_RULES
from opened_workbook import LINK, MAIN, Book, Table, opened, overlaps, parsed_cell, parsed_range

from xlreport.cells import MAX_ROWS, MAX_TEXT

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
MOST_ARGUMENTS = 255
NEW_FUNCTIONS = {"CONCAT", "FILTER", "IFNA", "IFS", "LET", "MAXIFS", "MINIFS", "SORT", "SWITCH", "TEXTJOIN"}
NEW_FUNCTIONS |= {"UNIQUE", "XLOOKUP", "XMATCH", "GROUPBY", "PIVOTBY", "LAMBDA", "VSTACK", "HSTACK"}

_AXES = ("catAx", "valAx", "dateAx", "serAx")
_NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_NAME = re.compile(r"[^\W\d][\w.\\?]*|\\[\w.\\?]*")
_SHEET = re.compile(r"'((?:[^']|'')+)'!|([^\W\d][\w.]*)!")
_QUOTED = re.compile(r"""'(?:[^']|'')+'!|"(?:[^"]|"")*\"""")
_STRUCTURED = re.compile(r"([^\W\d]\w*)\[((?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*)\]")


Rule = Callable[[Book], Iterable[str]]
RULES: dict[str, Rule] = {**PIVOT_RULES, **SLICER_RULES}


def rule(function: Rule) -> Rule:
    RULES[function.__name__.replace("_", "-")] = function
    return function


def problems(path: Path | str) -> list[str]:
    """Return every problem of the workbook at ``path``, each as ``rule: sentence``."""
    book = opened(path)
    return [f"{name}: {problem}" for name, find in RULES.items() for problem in find(book)]


def repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def pairs_that_overlap(ranges: list[str]) -> Iterator[str]:
    for place, one in enumerate(ranges):
        for other in ranges[place + 1 :]:
            if overlaps(parsed_range(one), parsed_range(other)):
                yield f"{one} overlaps {other}"


def is_bad_name(name: str) -> bool:
    looks_like_cell = parsed_cell(name.upper()) is not None or re.fullmatch(r"(?i)r\d*c?\d*|c\d*", name)
    return not _NAME.fullmatch(name) or len(name) > 255 or bool(looks_like_cell)


@rule
def package(book: Book) -> Iterator[str]:
    for name in book.duplicates:
        yield f"{name} is stored twice"
    types = book.tree("[Content_Types].xml")
    endings = {entry.get("Extension", "").lower() for entry in types if entry.tag.endswith("Default")}
    named = [entry.get("PartName", "").lstrip("/") for entry in types if entry.tag.endswith("Override")]
    yield from (f"{name} has two content types" for name in repeated(named))
    yield from (f"{name} has a content type and is not there" for name in named if name not in book.parts)
    for part in book.parts:
        if part not in ("[Content_Types].xml", *named) and part.rpartition(".")[2].lower() not in endings:
            yield f"{part} has no content type"


@rule
def relations(book: Book) -> Iterator[str]:
    reached, waiting = {"[Content_Types].xml"}, [""]
    while waiting:
        part = waiting.pop()
        folder, name = posixpath.split(part)
        reached |= {part, posixpath.join(folder, "_rels", f"{name}.rels")}
        found = list(book.relations(part))
        yield from (f"{part} has two relations {number}" for number in repeated(entry[0] for entry in found))
        for number, _, target, outside in found:
            if not outside and target not in book.parts:
                yield f"{part or 'the package'}: {number} leads to {target}, which is not there"
            elif not outside and target not in reached:
                waiting.append(target)
    yield from (f"{part} is reached by no relation" for part in book.parts if part not in reached)


@rule
def relation_ids(book: Book) -> Iterator[str]:
    for part, content in book.parts.items():
        if part.endswith(".xml") and LINK[1:-3].encode() in content:
            known = {number for number, *_ in book.relations(part)}
            used = {element.get(LINK) for element in book.tree(part).iter()} - {None}
            yield from (f"{part} names relation {number}" for number in sorted(used - known))


@rule
def sheet_names(book: Book) -> Iterator[str]:
    names = [sheet.name for sheet in book.sheets]
    yield from (f"{name!r} is there twice" for name in repeated(map(str.lower, names)))
    for name in names:
        if not 1 <= len(name) <= 31 or name.lower() == "history":
            yield f"{name!r} is empty, longer than 31 characters or reserved"
        if re.search(r"[\[\]:*?/\\\x00-\x1f]|^'|'$", name):
            yield f"{name!r} has a forbidden character"
    if all(sheet.state != "visible" for sheet in book.sheets):
        yield "no sheet is visible"


@rule
def defined_names(book: Book) -> Iterator[str]:
    keys = [f"{name.get('name', '').lower()} of {name.get('localSheetId', 'all')}" for name in book.names]
    yield from (f"{key} is there twice" for key in repeated(keys))
    for name in book.names:
        text = name.get("name", "")
        if not text.startswith("_xlnm.") and is_bad_name(text):
            yield f"{text!r} is no valid name"
        yield from (f"{text}: {problem}" for problem in formula_problems(book, name.text or ""))


@rule
def styles(book: Book) -> Iterator[str]:
    root = book.tree("xl/styles.xml")
    count = {
        name: len(root.find(f"{MAIN}{name}") or ()) for name in ("fonts", "fills", "borders", "cellStyleXfs")
    }
    own = {entry.get("numFmtId") for entry in root.iter(f"{MAIN}numFmt")}
    limits = {"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}
    for number, entry in enumerate(root.iter(f"{MAIN}xf")):
        for attribute, where in limits.items():
            if int(entry.get(attribute, 0)) >= count[where]:
                yield f"format {number} has {attribute} {entry.get(attribute)}"
        code = entry.get("numFmtId", "0")
        if int(code) >= 164 and code not in own:
            yield f"format {number} has number format {code}"


@rule
def strings(book: Book) -> Iterator[str]:
    inline = [text for sheet in book.sheets for cell in sheet.cells for _, text in [book.value(cell)]]
    for text in dict.fromkeys([*book.strings, *inline]):
        if len(text) > MAX_TEXT or text.count("\n") > 253:
            yield f"a text of {len(text)} characters and {text.count(chr(10))} line breaks"


@rule
def order(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        row = 0
        for entry in sheet.root.iter(f"{MAIN}row"):
            before, row, column = row, int(entry.get("r", 0)), 0
            if not before < row <= MAX_ROWS:
                yield f"{sheet.name}: row {row} after row {before}"
            for cell in entry:
                place = parsed_cell(cell.get("r", "")) or (0, 0)
                if place[0] != row or place[1] <= column:
                    yield f"{sheet.name}!{cell.get('r')} stands in the wrong place in row {row}"
                column = place[1]


@rule
def cells(book: Book) -> Iterator[str]:
    formats = len(book.tree("xl/styles.xml").find(f"{MAIN}cellXfs") or ())
    for sheet in book.sheets:
        for cell in sheet.cells:
            where, (kind, text) = f"{sheet.name}!{cell.get('r')}", book.value(cell)
            if int(cell.get("s", 0)) >= formats:
                yield f"{where} has format {cell.get('s')} of {formats}"
            if kind == "n" and text and not (_NUMBER.fullmatch(text) and math.isfinite(float(text))):
                yield f"{where} has the number {text}"
            number = cell.findtext(f"{MAIN}v", "")
            if kind == "s" and not (number.isdigit() and int(number) < len(book.strings)):
                yield f"{where} has shared string {number} of {len(book.strings)}"
            if kind == "b" and text not in ("0", "1"):
                yield f"{where} has the truth value {text}"
            if kind not in ("n", "s", "b", "str", "inlineStr", "e"):
                yield f"{where} has the type {kind}"


@rule
def formulas(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        for cell in sheet.cells:
            formula = cell.findtext(f"{MAIN}f")
            if formula is not None:
                where = f"{sheet.name}!{cell.get('r')}"
                yield from (f"{where}: {problem}" for problem in formula_problems(book, formula))


def formula_problems(book: Book, formula: str) -> Iterator[str]:
    """Yield what is wrong with a stored formula, which has English names and commas."""
    if len(formula) > 8192 or formula.startswith("=") or "#REF!" in formula:
        yield f"too long, or begins with =, or leads nowhere: {formula[:40]}"
    bare = _QUOTED.sub(lambda text: text[0] if text[0].startswith("'") else '""', formula)
    sheet_names = {sheet.name.lower() for sheet in book.sheets}
    for quoted, plain in _SHEET.findall(bare):
        if (quoted.replace("''", "'") or plain).lower() not in sheet_names:
            yield f"there is no sheet {quoted or plain}"
    bare = _SHEET.sub("", bare)
    for table, inner in _STRUCTURED.findall(bare):
        yield from structured_problems(book, table, inner)
    bare = re.sub(r"\{[^}]*\}", "", _STRUCTURED.sub("", bare))
    yield from punctuation_problems(bare)
    yield from function_problems(bare)


def structured_problems(book: Book, name: str, inner: str) -> Iterator[str]:
    table = next((table for table in book.tables if table.name.lower() == name.lower()), None)
    if table is None:
        yield f"there is no table {name}"
        return
    known = {column.lower() for column in table.columns}
    for column in re.findall(r"\[((?:[^\[\]']|'.)+)\]", inner) or [inner]:
        plain = re.sub("'(.)", r"\1", column).removeprefix("@").lower()
        if plain and not plain.startswith("#") and plain not in known:
            yield f"table {name} has no column {column}"


def punctuation_problems(bare: str) -> Iterator[str]:
    """Look at a formula without its texts, sheet names and structured references."""
    if ";" in bare:
        yield f"a semicolon in {bare}"
    depths = list(accumulate((1 if mark == "(" else -1 for mark in bare if mark in "()"), initial=0))
    if min(depths) < 0 or depths[-1]:
        yield f"unbalanced parentheses in {bare}"
    while calls := re.findall(r"\(([^()]*)\)", bare):
        yield from (
            f"more than {MOST_ARGUMENTS} arguments" for call in calls if call.count(",") >= MOST_ARGUMENTS
        )
        bare = re.sub(r"\([^()]*\)", "", bare)


def function_problems(bare: str) -> Iterator[str]:
    for prefix, function in re.findall(r"(_xlfn\.|_xlws\.)?([A-Z][A-Z.]*)\(", bare):
        if function in NEW_FUNCTIONS and not prefix:
            yield f"{function} without _xlfn."


@rule
def merges(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        places = [entry.get("ref", "") for entry in sheet.root.iter(f"{MAIN}mergeCell")]
        yield from (f"{sheet.name}: {problem}" for problem in pairs_that_overlap(places))
        tables = [table for table in book.tables if table.sheet is sheet]
        for place in places:
            for table in tables:
                if overlaps(parsed_range(place), table.range):
                    yield f"{sheet.name}: {place} reaches into table {table.name}"


@rule
def tables(book: Book) -> Iterator[str]:
    taken = [table.name.lower() for table in book.tables] + [
        name.get("name", "").lower() for name in book.names
    ]
    yield from (f"two tables or names are called {name}" for name in repeated(taken) if name[:1] != "_")
    yield from (
        f"two tables have id {number}" for number in repeated(t.root.get("id", "") for t in book.tables)
    )
    for sheet in book.sheets:
        places = [table.root.get("ref", "") for table in book.tables if table.sheet is sheet]
        yield from (f"{sheet.name}: {problem}" for problem in pairs_that_overlap(places))
        if len(places) != len(list(sheet.root.iter(f"{MAIN}tablePart"))):
            yield f"{sheet.name} names another number of tables than it has"
    for table in book.tables:
        yield from (f"{table.name}: {problem}" for problem in table_problems(book, table))


def table_problems(book: Book, table: Table) -> Iterator[str]:
    place, columns = table.range, table.columns
    if is_bad_name(table.name):
        yield "no valid name"
    if place is None:
        yield f"no range: {table.root.get('ref')}"
        return
    if place.width != len(columns):
        yield f"{place.width} columns of cells, {len(columns)} names"
    yield from (f"two columns are called {name!r}" for name in repeated(map(str.lower, columns)))
    if place.height < 2:
        yield "no row of data"
    filtered = table.root.find(f"{MAIN}autoFilter")
    if filtered is not None and filtered.get("ref") != table.root.get("ref"):
        yield f"its filter covers {filtered.get('ref')}"
    found = {parsed_cell(cell.get("r", "")): cell for cell in table.sheet.cells}
    for number, name in enumerate(columns, place.first_column):
        cell = found.get((place.first_row, number))
        kind, text = ("n", "") if cell is None else book.value(cell)
        is_constant = cell is not None and cell.find(f"{MAIN}f") is None
        if kind not in ("s", "inlineStr") or not is_constant or text != name:
            yield f"column {name!r} has the header cell {text!r}"


@rule
def conditional_formats(book: Book) -> Iterator[str]:
    looks = len(book.tree("xl/styles.xml").find(f"{MAIN}dxfs") or ())
    for sheet in book.sheets:
        rules = list(sheet.root.iter(f"{MAIN}cfRule"))
        yield from (
            f"{sheet.name}: priority {it} twice" for it in repeated(r.get("priority", "") for r in rules)
        )
        for entry in rules:
            priority, look = entry.get("priority", "0"), entry.get("dxfId", "-1")
            if int(priority) < 1 or int(look) >= looks:
                yield f"{sheet.name}: a rule has priority {priority} and format {look} of {looks}"
            for formula in entry.iter(f"{MAIN}formula"):
                yield from (f"{sheet.name}: {it}" for it in formula_problems(book, formula.text or ""))


@rule
def data_validations(book: Book) -> Iterator[str]:
    yield from lint_entry.data_validations(book, formula_problems)


@rule
def notes(book: Book) -> Iterator[str]:
    yield from lint_entry.notes(book)


@rule
def hyperlinks(book: Book) -> Iterator[str]:
    names = {name.get("name", "").lower() for name in book.names}
    sheets = {sheet.name.lower() for sheet in book.sheets}
    for sheet in book.sheets:
        for entry in sheet.root.iter(f"{MAIN}hyperlink"):
            target = entry.get("location", "")
            name, separator, cell = target.rpartition("!")
            goal = name[1:-1].replace("''", "'") if name.startswith("'") else name
            if target and not (
                (separator and goal.lower() in sheets and parsed_range(cell)) or target.lower() in names
            ):
                yield f"{sheet.name}!{entry.get('ref')} leads to {target}"
        for number, kind, target, _ in book.relations(sheet.part):
            if kind == "hyperlink" and len(target) > 2079:
                yield f"{sheet.name}: the address of {number} is longer than 2,079 characters"


@rule
def page_texts(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        for entry in sheet.root.iterfind(f"{MAIN}headerFooter/*"):
            if len(entry.text or "") > 255:
                yield f"{sheet.name}: a header or footer of {len(entry.text or '')} characters"


@rule
def drawings(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        for part in book.related(sheet.part, "drawing"):
            shapes = list(book.tree(part).iter(f"{DRAWING}cNvPr"))
            yield from (
                f"{part}: two shapes have id {it}" for it in repeated(s.get("id", "") for s in shapes)
            )
            yield from (
                f"{part}: {s.get('name')} has no alternative text" for s in shapes if not s.get("descr")
            )


@rule
def charts(book: Book) -> Iterator[str]:
    for part in book.parts:
        if part.startswith("xl/charts/chart"):
            root = book.tree(part)
            axes = {
                entry.get("val") for tag in _AXES for entry in root.iterfind(f".//{CHART}{tag}/{CHART}axId")
            }
            used = {entry.get("val") for tag in ("axId", "crossAx") for entry in root.iter(f"{CHART}{tag}")}
            yield from (f"{part}: axis {number} is not defined" for number in sorted(used - axes))
            if root.find(f".//{CHART}ser") is None:
                yield f"{part} has no series"
            for entry in root.iter(f"{CHART}f"):
                yield from (f"{part}: {problem}" for problem in formula_problems(book, entry.text or ""))


# --- figures drawn in cells, and charts with two axes -------------------------------------------------

X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
FORMULA = "{http://schemas.microsoft.com/office/excel/2006/main}"
ICON_SETS = {"3Arrows", "3ArrowsGray", "3Flags", "3Signs", "3Symbols", "3Symbols2", "3TrafficLights1"}


@rule
def sparklines(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        drawn = list(sheet.root.iter(f"{X14}sparkline"))
        places = [entry.findtext(f"{FORMULA}sqref", "") for entry in drawn]
        yield from (f"{sheet.name}!{place} has two small charts" for place in repeated(places))
        used = {cell.get("r") for cell in sheet.cells if cell.find(f"{MAIN}v") is not None}
        for entry, place in zip(drawn, places, strict=True):
            if parsed_cell(place) is None or place in used:
                yield f"{sheet.name}: a small chart in {place!r}, which is no cell or has a value"
            source = entry.findtext(f"{FORMULA}f", "")
            yield from (f"{sheet.name}!{place}: {it}" for it in formula_problems(book, source))
            cells = parsed_range(source.rpartition("!")[2])
            if cells is None or min(cells.width, cells.height) > 1:
                yield f"{sheet.name}!{place}: {source!r} is no row or column of cells"
        if len(list(sheet.root.iterfind(f"{MAIN}extLst"))) > 1:
            yield f"{sheet.name} has two lists of extensions"


@rule
def icon_sets(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        for icons in sheet.root.iter(f"{MAIN}iconSet"):
            name = icons.get("iconSet", "3TrafficLights1")
            ends = [end.get("val", "") for end in icons.iter(f"{MAIN}cfvo")]
            if name not in ICON_SETS or len(ends) != int(name[0]):
                yield f"{sheet.name}: {len(ends)} thresholds for the icons {name}"
            elif not all(map(_NUMBER.fullmatch, ends)) or float(ends[1]) > float(ends[2]):
                yield f"{sheet.name}: the thresholds {', '.join(ends)} do not ascend"


@rule
def combination_charts(book: Book) -> Iterator[str]:
    """Look at charts of several groups of series: each needs its own pair of axes, complete."""
    for part in book.parts:
        if part.startswith("xl/charts/chart"):
            plot = book.tree(part).find(f".//{CHART}plotArea")
            groups = (
                [] if plot is None else [group for group in plot if group.find(f"{CHART}ser") is not None]
            )
            if plot is not None and len(groups) > 1:
                yield from (f"{part}: {problem}" for problem in axis_problems(plot, groups))


def axis_problems(plot: ET.Element, groups: list[ET.Element]) -> Iterator[str]:
    axes = {values_of(axis, "axId")[0]: axis for tag in _AXES for axis in plot.iterfind(f"{CHART}{tag}")}
    numbers = [
        number
        for group in groups
        for ser in group.iterfind(f"{CHART}ser")
        for number in values_of(ser, "idx")
    ]
    yield from (f"two series have the number {number}" for number in repeated(numbers))
    taken = [number for group in groups for number in values_of(group, "axId")]
    yield from (f"two groups have the axis {number}" for number in repeated(taken))
    for group in groups:
        pair = values_of(group, "axId")
        kinds = sorted(axes[number].tag.removeprefix(CHART) for number in pair if number in axes)
        if kinds not in (["catAx", "valAx"], ["dateAx", "valAx"]):
            yield f"a group has the axes {', '.join(kinds)}"
        elif [values_of(axes[number], "crossAx")[0] for number in pair] != pair[::-1]:
            yield f"the axes {' and '.join(pair)} do not cross one another"


def values_of(element: ET.Element, tag: str) -> list[str]:
    return [child.get("val", "") for child in element.iterfind(f"{CHART}{tag}")]


if __name__ == "__main__":
    found = [f"{file}: {problem}" for file in sys.argv[1:] for problem in problems(file)]
    print(*found, sep="\n")  # noqa: T201  # this is the program's output
    sys.exit(bool(found))
