"""Turn a report definition and its figures into a workbook plan."""
