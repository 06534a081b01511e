"""What a workbook carries besides cells: programs, links to other files, files inside the file."""

import re
from dataclasses import dataclass, field
from typing import Final

from xlreport.sentences import Sentence

__all__ = ["KINDS", "Cargo", "Kind"]

_LISTS: Final = (".rels", "[content_types].xml", "content.xml")
"""Ends of the names of the parts that say what the others are, or, of .ods files, all that there is."""
_LONGEST_ELEMENT: Final = 1 << 20
_OUTSIDE: Final = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_OUTSIDE_MARK: Final = re.compile(rb"""TargetMode\s*=\s*["']External""")
_HYPERLINK: Final = re.compile(rb"""relationships/hyperlink["']""")


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that a workbook may carry and that is not read."""

    code: str
    limit: str
    """The member of `Limits` that says what is done about it."""
    message: Sentence
    hint: Sentence
    names: re.Pattern[str]
    """Names of parts, in small letters, that show it."""
    words: re.Pattern[bytes]
    """Words in the relations and content types that show it, whatever the parts are called."""


KINDS: Final = (
    Kind(
        "holds-macros",
        "macros",
        Sentence("The workbook holds macros ({parts})."),
        Sentence("They are not run."),
        re.compile(
            r"vbaproject[^/]*\.bin$|/macrosheets/|/dialogsheets/|/activex/|customui/|^basic/|^scripts/"
        ),
        re.compile(
            rb"vbaProject|xlMacrosheet|macrosheet\+xml|xlIntlMacrosheet|dialogsheet|activeX|ui/extensibility"
        ),
    ),
    Kind(
        "external-links",
        "links",
        Sentence("The workbook takes values from outside ({parts})."),
        Sentence("Nothing is fetched: cells count by the values that were stored last."),
        re.compile(r"/externallinks/[^/]+\.(?:xml|bin)$|/connections\.(?:xml|bin)$|/querytables/"),
        re.compile(rb"externalLinkPath|relationships/connections|table:table-source|table:dde-link"),
    ),
    Kind(
        "embedded-files",
        "objects",
        Sentence("The workbook holds other files ({parts})."),
        Sentence("They are neither opened nor read."),
        re.compile(r"/embeddings/[^/]+$|^object \d+/content\.xml$|oleobject[^/]*\.bin$"),
        re.compile(rb"relationships/(?:oleObject|package)[\"']"),
    ),
)


@dataclass(slots=True)
class Cargo:
    """What was seen of each kind in one workbook."""

    seen: dict[str, list[str]] = field(default_factory=dict)
    """Code of the kind -> names of the parts."""
    _part: str = ""
    _rest: bytes = b""
    """The element that the last piece of the part ended in."""

    def see_name(self, part: str) -> None:
        """Look at the name of a part."""
        for kind in KINDS:
            if kind.names.search(part.lower()):
                self._add(kind.code, part)

    def see_text(self, part: str, text: bytes) -> None:
        """Look at a piece of a part; only lists of relations and content types tell anything."""
        if not part.lower().endswith(_LISTS):
            return
        text = (self._rest if part == self._part else b"") + text
        self._part, self._rest = part, text[text.rfind(b"<") :][:_LONGEST_ELEMENT]
        for kind in KINDS:
            if kind.words.search(text):
                self._add(kind.code, part)
        for relation in _OUTSIDE.findall(text):
            if _OUTSIDE_MARK.search(relation) and not _HYPERLINK.search(relation):
                self._add("external-links", part)

    def parts(self, code: str) -> list[str]:
        """Return the parts that show what the code says; lists of parts only where nothing else does."""
        seen = self.seen.get(code, [])
        return [part for part in seen if not part.lower().endswith(_LISTS)] or seen

    def _add(self, code: str, part: str) -> None:
        names = self.seen.setdefault(code, [])
        if part not in names:
            names.append(part)
