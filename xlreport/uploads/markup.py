"""Watch the XML of a part go by: no document type, a known encoding, and no more depth than is allowed.

Counting the tags of short windows tells how deep a document can be there, and takes a fraction of the time
that parsing takes. Where text makes the counts ambiguous (comments, a bare ``>``), `depth_by_parsing` tells.
"""

import re
from collections.abc import Iterable
from pyexpat import ExpatError, ParserCreate
from typing import Final

from xlreport.sentences import Name, Numeral, Sentence
from xlreport.uploads.limits import size_in_words
from xlreport.uploads.problems import RefusedError, over_limit, unsafe

__all__ = ["Watch", "check_depth_by_parsing", "is_markup"]

_ENDINGS: Final = (".xml", ".rels", ".vml")
_WINDOW: Final = 2048
"""Bytes whose tags are counted together: few enough to hold less than 200 tags of an ordinary sheet."""
_LONGEST_PROLOG: Final = 1 << 16
_BEFORE_ROOT: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ENCODING: Final = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)""")
_LIKE_ASCII: Final = re.compile(r"utf-?8|us-ascii|ascii|iso-8859-\d+|latin-?1|windows-12\d\d", re.IGNORECASE)
"""Encodings in which the bytes of ASCII stand for nothing else."""
_DOCTYPE: Final = b"<!DOCTYPE"
_UNFINISHED: Final = (b"<!--", b"<?")
"""How something begins that may stand before the first element, where its end is not in sight."""
_TAG: Final = re.compile(rb"</|/>|<")


def is_markup(part: str) -> bool:
    """Tell by its name whether a part is XML."""
    return part.lower().endswith(_ENDINGS)


class Watch:
    """Looks at the pieces of one part, in their order."""

    def __init__(self, file: str, part: str, limit: int) -> None:
        """Name the ``part`` of the ``file``, and the ``limit`` of elements in one another."""
        self.file = file
        self.part = part
        self.limit = limit
        self.ambiguous = False
        """Whether the tags could not be counted."""
        self._prolog: bytes | None = b""
        self._depth = 0
        self._unclosed = 0
        """Tags that have begun and not ended: 0 or 1, unless text holds what looks like a tag."""
        self._cut = b""

    def see(self, piece: bytes) -> None:
        """Look at the next piece; raise RefusedError where it holds what is refused."""
        if self._prolog is not None:
            piece = self._prolog + piece
            if not self._passed_prolog(piece):
                self._prolog = piece
                return
            self._prolog = None
            piece = piece[_end_of_prolog(piece) :]
        if not self.ambiguous:
            self._count(piece)

    def end(self) -> None:
        """Look at what was too short to look at before."""
        if self._prolog:
            self._refuse_type_and_encoding(self._prolog)
            self._count(self._prolog[_end_of_prolog(self._prolog) :])

    def _passed_prolog(self, head: bytes) -> bool:
        """Tell whether the first element is in sight; refuse what stands before it and may not."""
        following = head[_end_of_prolog(head) :]
        if (len(following) < len(_DOCTYPE) or following.startswith(_UNFINISHED)) and len(
            head
        ) < _LONGEST_PROLOG:
            return False
        self._refuse_type_and_encoding(head)
        return True

    def _refuse_type_and_encoding(self, head: bytes) -> None:
        encoding = _encoding(head)
        if not _LIKE_ASCII.fullmatch(encoding):
            message = Sentence(
                "{file}: its part {part} is XML in the encoding {encoding}; only UTF-8 is read.",
                file=Name(self.file),
                part=Name(self.part),
                encoding=Name(encoding),
            )
            raise unsafe(message, value=encoding)
        following = head[_end_of_prolog(head) :]
        if following.startswith(_UNFINISHED) and len(head) >= _LONGEST_PROLOG:
            message = Sentence(
                "{file}: its part {part} has no element of XML in its first {size}.",
                file=Name(self.file),
                part=Name(self.part),
                size=size_in_words(_LONGEST_PROLOG),
            )
            raise unsafe(message, value=self.part)
        if following.startswith(b"<!") and not following.startswith(_UNFINISHED):
            message = Sentence(
                "{file}: its part {part} declares a document type (DTD), which no workbook needs.",
                file=Name(self.file),
                part=Name(self.part),
            )
            raise unsafe(message, value=self.part)

    def _count(self, piece: bytes) -> None:
        piece = self._cut + piece
        end = len(piece) - piece.endswith((b"<", b"/"))  # the tag goes on in the next piece
        self._cut = piece[end:]
        specials = (b"!" in piece and b"<!" in piece) or (b"?" in piece and b"<?" in piece)
        self._unclosed += piece.count(b"<", 0, end) - piece.count(b">", 0, end)
        if specials or self._unclosed not in (0, 1):
            self.ambiguous = True
            return
        for start in range(0, end, _WINDOW):
            self._count_window(piece, start, min(start + _WINDOW, end))

    def _count_window(self, piece: bytes, start: int, end: int) -> None:
        closing = piece.count(b"</", start, end + 1)
        opening = piece.count(b"<", start, end) - closing
        if self._depth + opening > self.limit:
            self._count_each(piece, start, end)
        self._depth += opening - closing - piece.count(b"/>", start, end + 1)

    def _count_each(self, piece: bytes, start: int, end: int) -> None:
        depth = self._depth
        for tag in _TAG.finditer(piece, start, end + 1):
            if tag.start() < end:
                depth += 1 if tag[0] == b"<" else -1
            if depth > self.limit:
                raise _too_deep(self.file, self.part, self.limit)


def check_depth_by_parsing(pieces: Iterable[bytes], file: str, part: str, limit: int) -> None:
    """Raise RefusedError where the document is deeper than ``limit``; it ends where it is no XML."""
    depth = 0

    def deeper(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > limit:
            raise _too_deep(file, part, limit)

    def back(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = deeper, back
    try:
        for piece in pieces:
            parser.Parse(piece, False)  # noqa: FBT003  # takes no names
    except ExpatError:
        return


def _too_deep(file: str, part: str, limit: int) -> RefusedError:
    message = Sentence(
        "{file}: its part {part} has more than {limit} elements of XML in one another.",
        file=Name(file),
        part=part,
        limit=Numeral(limit),
    )
    return over_limit(message, f"depth={limit * 2}", value=limit)


def _encoding(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head[:4]:
        return "UTF-16"
    declared = _ENCODING.search(head[:512])
    return declared[1].decode("ascii", "replace") if declared else "UTF-8"


def _end_of_prolog(head: bytes) -> int:
    found = _BEFORE_ROOT.match(head)
    return found.end() if found else 0
