"""Turn bytes into deflated bytes, quickly or small.

ISA-L deflates several times as quickly as zlib; where the package isal is not installed (``pip install
xlreport[fast]``), zlib does the same work. Either way the inflated bytes are the same.
"""

import importlib
import zlib
from types import ModuleType
from typing import Final, Protocol

from xlreport.files import Compression

__all__ = ["Deflater", "crc32", "deflater"]

_RAW: Final = -15
"""Window of 32 KB without zlib's own header, which is what a ZIP file holds."""
_ISAL_LEVEL: Final = 2
_ZLIB_LEVELS: Final[dict[Compression, int]] = {"speed": 4, "size": 6}
"""Level 1 is quicker and leaves a file that is a fifth larger."""


class Deflater(Protocol):
    """Deflates one part from its beginning to its end."""

    def compress(self, data: bytes, /) -> bytes:
        """Take more of the part and return what is ready."""

    def flush(self) -> bytes:
        """Return the end."""


def _installed(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


_ISAL: Final = _installed("isal.isal_zlib")
crc32 = (_ISAL or zlib).crc32


def deflater(compression: Compression, quick: ModuleType | None = _ISAL) -> Deflater:
    """Return a new deflater; ``quick`` is the module to use for speed, or None for zlib."""
    if compression == "speed" and quick is not None:
        fast: Deflater = quick.compressobj(_ISAL_LEVEL, zlib.DEFLATED, _RAW)
        return fast
    return zlib.compressobj(_ZLIB_LEVELS[compression], zlib.DEFLATED, _RAW)
