"""What to plant in the workbook of pivots and slicers, and what the lint is to say of it."""

from typing import NamedTuple

from pivot_plan import SHAPES


class Defect(NamedTuple):
    """What to replace in which part, and what the lint is to say of it."""

    rule: str
    part: str
    old: str
    new: str
    expected: str


NAMES = [shape.name for shape in SHAPES]


def part(name: str) -> str:
    """Return the part of the pivot called ``name``."""
    return f"xl/pivotTables/pivotTable{NAMES.index(name) + 1}.xml"


def sheet(name: str) -> str:
    return f"xl/worksheets/sheet{NAMES.index(name) + 1}.xml"


WORKBOOK, CACHE = "xl/workbook.xml", "xl/pivotCache/pivotCacheDefinition1.xml"
TYPES, TABLE, DATA = "[Content_Types].xml", "xl/tables/table1.xml", f"xl/worksheets/sheet{len(NAMES) + 1}.xml"
BOOK_LINKS = "xl/_rels/workbook.xml.rels"
SLICER, SLICER_CACHE = "xl/slicers/slicer1.xml", "xl/slicerCaches/slicerCache1.xml"
TABLE_SLICER_CACHE = "xl/slicerCaches/slicerCache3.xml"
CHART = "xl/charts/chart2.xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2007/relationships"
ONE, VALUES, ACROSS, OUTLINE, TABULAR = map(part, ("OneValue", "Values", "Across", "Outline", "Tabular"))
FILTER_ONE, FILTER_SEVERAL, BY_VALUE, TOP = map(part, ("FilterOne", "FilterSeveral", "ByValue", "Top"))

CACHES = [
    Defect("pivot-caches", BOOK_LINKS, f"{OFFICE}/pivotCacheDefinition", f"{OFFICE}/cache", "of kind cache"),
    Defect(
        "pivot-caches",
        WORKBOOK,
        "</pivotCaches>",
        '<pivotCache cacheId="1" xmlns:r="' + OFFICE + '" r:id="rId28"/></pivotCaches>',
        "two caches are called 1",
    ),
    Defect("pivot-caches", WORKBOOK, "<calcPr", "<pivotCaches/><calcPr", "pivotCaches stand before calcPr"),
    Defect("pivot-caches", WORKBOOK, 'cacheId="1"', 'cacheId="9"', "no pivot uses cache 9"),
    Defect("pivot-caches", CACHE, 'name="Orders"', 'name="Order"', "there is no table 'Order'"),
    Defect(
        "pivot-caches",
        CACHE,
        '<cacheField name="Remark" numFmtId="0"><sharedItems/></cacheField>',
        "",
        "6 fields for the 7 columns",
    ),
    Defect("pivot-caches", CACHE, 'name="Units"', 'name="Pieces"', "are not the columns"),
    Defect("pivot-caches", CACHE, 'name="Units"', 'name="REGION"', "two fields are called 'region'"),
    Defect("pivot-caches", CACHE, 'name="Units"', 'name=""', "a field has no name"),
    Defect("pivot-caches", CACHE, 'cacheFields count="7"', 'cacheFields count="8"', "number of its fields"),
    Defect("pivot-caches", CACHE, ' saveData="0"', "", "no records and does not say so"),
    Defect("pivot-caches", CACHE, ' refreshOnLoad="1"', "", "is not refreshed on load"),
    Defect("pivot-shared-items", CACHE, 'count="2"', 'count="3"', "'Quarter' lists 2 items and counts 3"),
    Defect(
        "pivot-shared-items",
        CACHE,
        "<sharedItems/></cacheField></cacheFields>",
        '<sharedItems count="2"/></cacheField></cacheFields>',
        "'Remark' lists 0 items and counts 2",
    ),
    Defect("pivot-shared-items", CACHE, ' count="2"', "", "does not count its items"),
    Defect("pivot-shared-items", CACHE, 'v="west"', 'v="NORTH"', "has the item 's:north' twice"),
    Defect("pivot-shared-items", CACHE, ' containsString="0"', "", "'Year' says something else of its texts"),
    Defect("pivot-shared-items", CACHE, ' containsNumber="1"', "", "something else of its numbers"),
    Defect("pivot-shared-items", CACHE, 'maxValue="2025"', 'maxValue="2024"', "has other numbers than from"),
    Defect("pivot-shared-items", CACHE, 'minValue="2"', 'minValue="20"', "has numbers from 20 to 15"),
    Defect("pivot-shared-items", CACHE, 'v="Port"', f'v="{"x" * 256}"', "a long item without saying so"),
]

FIELDS = [
    Defect("pivot-tables", ONE, 'name="OneValue"', 'name="VALUES"', "two pivots are called values"),
    Defect("pivot-tables", ONE, 'cacheId="1"', 'cacheId="5"', "OneValue: there is no cache 5"),
    Defect(
        "pivot-tables",
        "xl/pivotTables/_rels/pivotTable1.xml.rels",
        f"{OFFICE}/pivotCacheDefinition",
        f"{OFFICE}/pivotCache",
        "OneValue: its relation does not lead to its cache",
    ),
    Defect(
        "pivot-fields",
        ONE,
        '<pivotField compact="0" showAll="0"/></pivotFields>',
        "</pivotFields>",
        "6 fields, in the cache 7",
    ),
    Defect("pivot-fields", ONE, '<item x="2"/>', '<item x="3"/>', "an item beyond the 3 of the cache"),
    Defect("pivot-fields", ONE, '<item x="2"/>', '<item x="1"/>', "does not list every item once"),
    Defect("pivot-fields", ONE, 'items count="4"', 'items count="3"', "counts its items wrongly"),
    Defect("pivot-fields", ONE, '<item t="default"/>', "", "has an item for its subtotal and none"),
    Defect("pivot-fields", ONE, 'dataField="1"', 'dataField="0"', "is a value without dataField"),
    Defect("pivot-fields", BY_VALUE, '<x v="0"/></reference>', '<x v="2"/></reference>', "sorted by value 2"),
    Defect("pivot-fields", TOP, ' measureFilter="1"', "", "has measureFilter without a filter"),
    Defect(
        "pivot-fields",
        ONE,
        '<items count="4"><item x="0"/><item x="1"/><item x="2"/><item t="default"/></items>',
        "",
        "is on an axis and has no items",
    ),
    Defect("pivot-fields", OUTLINE, '<field x="1"/>', '<field x="0"/>', "field 0 is used twice"),
    Defect("pivot-fields", ONE, '<field x="0"/>', '<field x="7"/>', "rowFields has field 7 of 7"),
    Defect("pivot-fields", ONE, '<field x="0"/>', '<field x="1"/>', "field 1, which is not on axisRow"),
    Defect("pivot-fields", ONE, '<field x="0"/>', '<field x="1"/>', "field 0 is on axisRow and not among"),
    Defect("pivot-fields", VALUES, '<field x="-2"/>', "", "3 values stand on the axes 0 times"),
    Defect("pivot-values", VALUES, 'name="Mean"', 'name="sum of units"', "two values are called"),
    Defect("pivot-values", VALUES, 'name="Mean"', 'name="UNITS"', "'units' is called like a field"),
    Defect("pivot-values", part("NoTotals"), 'name="Region of the world"', 'name="Units"', "which is taken"),
    Defect("pivot-values", VALUES, 'name="Mean" fld="5"', 'name="Mean" fld="7"', "is of field 7 of 7"),
    Defect("pivot-values", ONE, 'numFmtId="4"', 'numFmtId="199"', "has number format 199"),
    Defect(
        "pivot-values", part("Running"), 'baseField="1"', 'baseField="6"', "along field 6, which is on no"
    ),
    Defect(
        "pivot-values",
        part("Differences"),
        'baseItem="1048828"',
        'baseItem="3"',
        "is compared with item 3",
    ),
    Defect("pivot-values", TOP, 'iMeasureFld="0"', 'iMeasureFld="1"', "a filter of field 2 by value 1"),
    Defect("pivot-pages", FILTER_ONE, 'item="0"', 'item="3"', "shows item 3 of 3"),
    Defect(
        "pivot-pages",
        FILTER_SEVERAL,
        ' multipleItemSelectionAllowed="1"',
        "",
        "does not allow to choose several",
    ),
    Defect("pivot-pages", FILTER_SEVERAL, "<item x", '<item h="1" x', "hides all its items"),
    Defect("pivot-pages", FILTER_SEVERAL, 'rowPageCount="2"', 'rowPageCount="1"', "2 filters, counted 1"),
    Defect("pivot-pages", FILTER_SEVERAL, 'ref="A6:B10"', 'ref="A3:B7"', "no room above for 2 filters"),
]

LINES = [
    Defect("pivot-lines", ONE, 'rowItems count="4"', 'rowItems count="5"', "counted wrongly"),
    Defect("pivot-lines", ONE, '<i><x v="2"/></i>', "", "have 3 lines for 4 lines of cells"),
    Defect("pivot-lines", ACROSS, 'ref="A6:E11"', 'ref="A6:F11"', "colItems have 4 lines for 5"),
    Defect("pivot-lines", ONE, '<i><x v="2"/></i>', '<i><x v="2"/><x/></i>', "is deeper than the 1 fields"),
    Defect("pivot-lines", ONE, '<i><x v="2"/></i>', "<i/>", "names no item"),
    Defect("pivot-lines", TABULAR, '<i r="2"><x v="1"/>', '<i r="4"><x v="1"/>', "repeats 4 of 3 items"),
    Defect("pivot-lines", ONE, '<i><x v="2"/></i>', '<i><x v="3"/></i>', "names item 3 of 3"),
    Defect("pivot-lines", ONE, '<i><x v="2"/></i>', '<i i="1"><x v="2"/></i>', "shows value 1 of 1"),
    Defect("pivot-lines", VALUES, '<i i="2"><x v="2"/></i>', '<i i="2"><x v="1"/></i>', "another value"),
    Defect(
        "pivot-lines",
        ONE,
        '<i><x/></i><i><x v="1"/></i>',
        '<i t="grand"><x/></i><i><x v="1"/></i>',
        "grand total that is not at the end",
    ),
    Defect("pivot-lines", ONE, '<i><x v="2"/></i>', '<i><x v="1"/></i>', "have a line twice"),
    Defect(
        "pivot-lines",
        ACROSS,
        ' itemPrintTitles="1"',
        ' rowGrandTotals="0" itemPrintTitles="1"',
        "rowItems have a grand total against rowGrandTotals",
    ),
    Defect(
        "pivot-lines",
        part("NoTotals"),
        ' colGrandTotals="0"',
        "",
        "colItems have a grand total against colGrandTotals, or none",
    ),
    Defect("pivot-places", ONE, 'ref="A6:B10"', 'ref="B10:A6"', "no range: B10:A6"),
    Defect("pivot-places", ONE, 'firstDataCol="1"', 'firstDataCol="3"', "begin outside A6:B10"),
    Defect(
        "pivot-places",
        f"xl/worksheets/_rels/sheet{len(NAMES) + 1}.xml.rels",
        "</Relationships>",
        f'<Relationship Id="rId9" Target="/{VALUES}" Type="{OFFICE}/pivotTable"/></Relationships>',
        "A6:D10 reaches into table Orders",
    ),
    Defect(
        "pivot-places",
        "xl/worksheets/_rels/sheet1.xml.rels",
        "</Relationships>",
        f'<Relationship Id="rId9" Target="/{VALUES}" Type="{OFFICE}/pivotTable"/></Relationships>',
        "OneValue and Values overlap",
    ),
    Defect("pivot-cells", ONE, "<i><x/></i>", '<i><x v="1"/></i>', "row 7 is 'South & East', and there"),
    Defect("pivot-cells", sheet("Values"), 'r="A9"', 'r="AA9"', "row 9 is 'west'"),
    Defect("pivot-cells", TABULAR, 'ref="A6:F47"', 'ref="A106:F147"', "row 108 has no cells"),
]

SLICERS = [
    Defect(
        "extensions", sheet("OneValue"), "</extLst></worksheet>", "</extLst><extLst/></worksheet>", "has 2"
    ),
    Defect(
        "extensions", WORKBOOK, "</workbook>", "<fileSharing/></workbook>", "extensions before fileSharing"
    ),
    Defect(
        "extensions",
        WORKBOOK,
        "{46BE6895-7355-4a93-B00E-2C351335B9C9}",
        "{BBE1A952-AA13-448e-AADC-164F8A28A991}",
        "has the extension {BBE1A952-AA13-448E-AADC-164F8A28A991} twice",
    ),
    Defect("slicer-names", SLICER, 'name="Region"', 'name="year"', "two slicers are called year"),
    Defect("slicer-names", WORKBOOK, '"Slicer_Year">#N/A', '"Slicer_Year">1', "Slicer_Year stands for 1"),
    Defect("slicer-names", WORKBOOK, 'name="Slicer_Year"', 'name="Slicer_Y"', "Slicer_Year stands for None"),
    Defect(
        "slicer-names",
        SLICER,
        '<slicer name="Year"',
        '<slicer xmlns:xr10="http://schemas.microsoft.com/office/spreadsheetml/2016/revision10"'
        ' xr10:uid="{1}" name="Year"',
        "not all slicers have an identity",
    ),
    Defect(
        "slicer-parts",
        BOOK_LINKS,
        f"{MICROSOFT}/slicerCache",
        f"{OFFICE}/slicerCache",
        f"by {OFFICE}/slicerCache",
    ),
    Defect(
        "slicer-parts", sheet("OneValue"), "<x14:slicer ", "<x14:button ", "a slicer is named on no sheet"
    ),
    Defect("slicer-parts", SLICER, 'cache="Slicer_Year"', 'cache="Slicer_Y"', "there is no slicer cache"),
    Defect(
        "slicer-parts",
        sheet("OneValue"),
        "{A8765BA9-456A-4dab-B4F3-ACF838C121DE}",
        "{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}",
        "its sheet names it under {3A4CF648",
    ),
    Defect(
        "slicer-parts",
        WORKBOOK,
        "{46BE6895-7355-4a93-B00E-2C351335B9C9}",
        "{46BE6895-7355-4a93-B00E-2C351335B9C8}",
        "is named in the workbook under {46BE6895",
    ),
    Defect(
        "slicer-parts", "xl/drawings/drawing1.xml", 'slicer" name="Year"', 'slicer" name="Y"', "drawn 0 times"
    ),
    Defect("slicer-parts", TABLE_SLICER_CACHE, 'tableId="1"', 'tableId="2"', "a table that is not there"),
    Defect("slicer-parts", TABLE_SLICER_CACHE, 'column="3"', 'column="2"', "column 2 of Orders is 'Year'"),
    Defect("slicer-parts", TABLE, "autoFilter", "noFilter", "Orders has no filter"),
    Defect(
        "slicer-parts", SLICER_CACHE, 'pivotCacheId="1"', 'pivotCacheId="7"', "pivot cache 7, which is not"
    ),
    Defect("slicer-parts", SLICER_CACHE, 'sourceName="Year"', 'sourceName="Age"', "has no field 'Age'"),
    Defect("slicer-parts", SLICER_CACHE, '<i x="2" s="1"/>', "", "does not list every item of Year"),
    Defect("slicer-parts", SLICER_CACHE, "pivotTable tabId", "pivot tabId", "it filters no pivot"),
    Defect("slicer-parts", SLICER_CACHE, 'tabId="2"', 'tabId="4"', "there is no pivot Values on sheet 4"),
    Defect(
        "slicer-parts",
        ONE,
        '<pivotField compact="0" showAll="0"><items count="4"><item x="0"/><item x="1"/><item x="2"/>'
        '<item t="default"/></items></pivotField>',
        '<pivotField compact="0" showAll="0"/>',
        "OneValue does not list the items of Year",
    ),
    Defect("slicer-parts", ONE, 'cacheId="1"', 'cacheId="2"', "OneValue is not of cache 1"),
    Defect(
        "slicers-of-one-field", SLICER_CACHE, 'sourceName="Year"', 'sourceName="Region"', "1!OneValue: Region"
    ),
    Defect("pivot-charts", CHART, "[]Across!Across", "[]Across!Gone", "follows []Across!Gone, which is no"),
    Defect("pivot-charts", CHART, "[]Across!Across", "Across!Across", "follows Across!Across, which is no"),
    Defect(
        "pivot-charts", CHART, '<fmtId val="0">', '<fmtId val="1">', "two charts follow []Across!Across as"
    ),
    Defect("pivot-charts", ACROSS, 'chart="0" format="2"', 'chart="0" format="3"', "the pivot gives others"),
    Defect(
        "pivot-charts",
        ACROSS,
        'field="1" count="1" selected="0"><x v="2"/>',
        'field="1" count="1" selected="0"><x v="3"/>',
        "to item ['3'] of field 1",
    ),
]

PIVOT_DEFECTS = [*CACHES, *FIELDS, *LINES, *SLICERS]
