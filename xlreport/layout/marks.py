"""Find the Yes/No column of a data sheet that tells which rows enter a measure."""

from xlreport.analysis.results import Analysis, DataTable
from xlreport.spec.records import Measure, SheetSpec

__all__ = ["marking_column"]


def marking_column(analysis: Analysis, measure: Measure, spec: SheetSpec, data: DataTable) -> int | None:
    """Return the position of the Yes/No column of the rows that enter the measure."""
    for mark in spec.marks:
        marked = analysis.spec.measure(mark.measure)
        if not isinstance(marked, Measure):
            continue
        if mark.key:
            if marked.name == measure.name:
                return data.marks[mark.measure]
        elif (marked.table, marked.where, marked.when) == (measure.table, measure.where, measure.when):
            return data.marks[mark.measure]
    return None
