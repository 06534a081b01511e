"""Turn an Analysis into a WorkbookPlan: every sheet in the order of the report definition.

Sheets that refer to others come last in the making, so that all that they refer to has its place; the
order of the making is not that of the workbook.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final

from xlreport.analysis.results import Analysis
from xlreport.cells import unique_sheet_name
from xlreport.findings import Findings
from xlreport.layout.bridge import bridge_sheet
from xlreport.layout.checks import checks_sheet
from xlreport.layout.contents import contents_sheet
from xlreport.layout.context import Context
from xlreport.layout.data import data_sheets
from xlreport.layout.definitions import definitions_sheet, quality_line
from xlreport.layout.dictionary import dictionary_sheet
from xlreport.layout.formats import money_scale
from xlreport.layout.issues import issues_sheet
from xlreport.layout.logo import with_logos
from xlreport.layout.pivots import pivot_sheet
from xlreport.layout.statement import statement_sheet
from xlreport.layout.summary import summary_sheet
from xlreport.plan import SheetPlan, WorkbookPlan
from xlreport.spec.records import SheetSpec
from xlreport.styles import DEFAULT_THEME, Theme

__all__ = ["lay_out"]

_Layout = Callable[[SheetSpec, Context], SheetPlan | list[SheetPlan]]


_MAKING: Final[Mapping[str, _Layout]] = {
    "data": data_sheets,
    "pivot": pivot_sheet,
    "summary": summary_sheet,
    "bridge": bridge_sheet,
    "definitions": definitions_sheet,
    "dictionary": dictionary_sheet,
    "statement": statement_sheet,
    "checks": checks_sheet,
}
"""The parts of a workbook in the order in which they can be made."""


def lay_out(
    analysis: Analysis,
    findings: Findings,
    *,
    as_of: dt.datetime,
    theme: Theme = DEFAULT_THEME,
) -> WorkbookPlan:
    """Return the plan of the whole workbook."""
    spec = analysis.spec
    contents = next((sheet.name for sheet in spec.sheets if sheet.kind == "contents"), "")
    money = [figure.current for figure in analysis.figures.values() if figure.measure.unit == "money"]
    context = Context(analysis, theme, money_scale(money), findings, contents)
    made: dict[str, list[SheetPlan]] = {}
    for kind, layout in _MAKING.items():
        for sheet in spec.sheets:
            if sheet.kind == kind:
                plans = layout(sheet, context)
                made[sheet.name] = plans if isinstance(plans, list) else [plans]
    sheets = [plan for sheet in spec.sheets for plan in made.get(sheet.name, [])]
    if len(findings):
        taken = [contents, *(plan.name for plan in sheets)]
        name = unique_sheet_name(context.language.text("Findings"), taken)
        sheets.append(issues_sheet(SheetSpec("data", name, key="Findings"), context))
    if contents:
        listing = next(sheet for sheet in spec.sheets if sheet.kind == "contents")
        sheets.insert(0, contents_sheet(listing, context, sheets, as_of.date()))
    return WorkbookPlan(
        title=context.filled(spec.title),
        sheets=tuple(with_logos(sheets, theme)),
        as_of=as_of,
        subject=spec.description,
        creator=spec.parameters.organisation or "xlreport",
        description=quality_line(context),
        keywords=spec.name,
        names=_defined_names(context),
        theme=theme,
        details=tuple(context.places.details.values()),
        caches=context.places.caches.plans(),
    )


def _defined_names(context: Context) -> dict[str, str]:
    """Return a name for each figure whose own is one; of two that differ in case alone the first has it."""
    names: dict[str, str] = {}
    for name, spot in context.places.figures.items():
        if name.isidentifier() and name.casefold() not in map(str.casefold, names):
            names[name] = spot.target
    return {f"Figure_{name}": target for name, target in names.items()}
