"""Read the JSON documents that people write: report definitions and brand files."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from xlreport.errors import SpecError
from xlreport.json_words import instead, not_utf8

__all__ = ["read_document"]


def read_document(path: Path, what: str) -> Any:
    """Return the JSON document in a file, decimals exact; SpecError, saying ``what`` it is, for any other."""
    try:
        return json.loads(
            path.read_text(encoding="utf-8-sig"), parse_float=Decimal, parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        message = f"{path}:{error.lineno}:{error.colno}: the {what} is not JSON: {instead(error)}."
        raise SpecError(message) from error
    except RecursionError as error:
        message = f"{path}: the {what} is nested too deeply."
        raise SpecError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path}: the {what} cannot be read: {not_utf8(error)}."
        raise SpecError(message) from error
    except OSError as error:
        message = f"{path}: the {what} cannot be read: {(error.strerror or str(error)).lower()}."
        raise SpecError(message) from error
    except ValueError as error:
        message = f"{path}: the {what} cannot be read: {error}."
        raise SpecError(message) from error


def _refuse_constant(name: str) -> NoReturn:
    message = f"{name} is no number of JSON"
    raise ValueError(message)
