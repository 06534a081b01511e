"""Read the JSON documents that schemas are written in; what is none is said in a sentence."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlreport.errors import SchemaError
from xlreport.json_words import not_json, not_utf8

__all__ = ["read_schema_document"]


def read_schema_document(path: Path, label: str) -> dict[str, Any]:
    """Return the object in a schema's file, known to the user as ``label``; SchemaError for any other."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        message = f"Schema {label} cannot be read: {error.strerror or error}."
        raise SchemaError(message) from error
    except UnicodeDecodeError as error:
        message = f"Schema {label} cannot be read: {not_utf8(error)}."
        raise SchemaError(message) from error
    except json.JSONDecodeError as error:
        message = f"Schema {label} is not JSON: {not_json(error)}."
        raise SchemaError(message) from error
    except RecursionError as error:
        message = f"Schema {label} is nested too deeply to be a JSON Schema."
        raise SchemaError(message) from error
    if not isinstance(document, dict):
        message = f"Schema {label} is not a JSON Schema: it is {_kind(document)}, and a schema is an object."
        raise SchemaError(message)
    return document


def _kind(document: object) -> str:
    return {list: "an array", str: "text", bool: "true or false", type(None): "null"}.get(
        type(document), "a number"
    )
