"""Find the shipped ``schemas/`` and ``workbooks/`` from a wheel, an editable install or a plain checkout.

In a wheel the two folders lie inside the package, under ``_shipped``; in a checkout, which is also
what an editable install points at, they lie beside it.
"""

from pathlib import Path

__all__ = ["schemas_folder", "workbooks_folder"]

_PACKAGE = Path(__file__).resolve().parent


def schemas_folder() -> Path:
    """Return the folder of the shipped JSON Schemas."""
    return _folder("schemas")


def workbooks_folder() -> Path:
    """Return the folder of the shipped report definitions."""
    return _folder("workbooks")


def _folder(name: str) -> Path:
    shipped = _PACKAGE / "_shipped" / name
    return shipped if shipped.is_dir() else _PACKAGE.parent / name
