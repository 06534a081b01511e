"""Turn a plan, or findings, into something a person opens: a workbook, text, JSON, CSV."""
