"""Turn JSON Schemas into an entry form: a workbook in which people fill in records."""
