"""Turn files and DataFrames into a Dataset.

`describe` finds out what there is to read, from a dataset file or from the data files themselves;
`arranged` finds out which sheets of a workbook are parts of others, once the schema is known;
`open_dataset` gives the records, a batch at a time, once the fields of the JSON Schema are known.
DataFrames have a module of their own, `xlreport.sources.frames`, which alone needs pandas.
"""

from xlreport.sources.arranging import arranged
from xlreport.sources.description import DatasetFile, Notation, Part, ResourceFile
from xlreport.sources.discovery import describe
from xlreport.sources.opening import open_dataset

__all__ = ["DatasetFile", "Notation", "Part", "ResourceFile", "arranged", "describe", "open_dataset"]
