"""Turn a report definition, a JSON document, into a ReportSpec."""

from xlreport.spec.parse import folder_of, load_report, parse_report, shipped_reports
from xlreport.spec.records import Parameters, ReportSpec
from xlreport.spec.wanted import wanted_columns

__all__ = [
    "Parameters",
    "ReportSpec",
    "folder_of",
    "load_report",
    "parse_report",
    "shipped_reports",
    "wanted_columns",
]
