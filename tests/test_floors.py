"""Imports only go down, members of one outer floor leave one another alone, and only they touch the world."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "xlreport"

FLOORS = {
    "version": 0, "errors": 0, "text": 0, "cells": 0, "resources": 0, "files": 0, "filenames": 0,
    "collector": 0, "language": 0, "sentences": 0, "json_words": 0, "number_formats": 0, "format_codes": 0,
    "tables": 1, "findings": 1, "marks": 1, "styles": 1, "page_lines": 1,
    "plan": 1, "plan_charts": 1, "plan_entry": 1, "plan_pivots": 1,
    "arrays": 2, "lazy": 2, "registry": 2, "fields": 2, "subschemas": 2, "vocabulary": 2, "rules": 2,
    "rule_checks": 2, "sorts": 2, "child_sheets": 2, "cell_map": 2, "uploads": 2, "schema_documents": 2,
    "constraints": 2, "spec": 2, "languages": 2, "themes": 2,
    "checks": 3, "analysis": 3,
    "layout": 4,
    "sources": 5, "backends": 5, "sample": 5,
    "as_of": 6, "register": 6, "pipeline": 6, "marked": 6, "entry": 6,
    "api": 7, "cli": 7, "__init__": 7, "__main__": 7,
}  # fmt: skip
"""Module or package -> its floor, as the architecture has it."""

APART = ("sources", "backends", "sample")
"""Members of floor 5; each has its own part of the outside world."""

OUTSIDE = {
    "openpyxl": 5, "xlwings": 5, "pandas": 5, "python_calamine": 5,
    "smtplib": 5, "socket": 5, "urllib.request": 5, "zipfile": 5,
}  # fmt: skip
"""Libraries that touch the world -> the floors that may use them: this one and 7."""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Yield every module that a file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative imports hide the floor"
            if node.module == "xlreport":
                yield from (f"xlreport.{name.name}" for name in node.names)
            else:
                yield node.module


def test_every_module_has_its_floor() -> None:
    assert {part_of(path) for path in modules()} == set(FLOORS)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_only_go_down(path: Path) -> None:
    own = part_of(path)
    for name in imported(path):
        if not name.startswith("xlreport."):
            continue
        other = name.split(".")[1]
        assert FLOORS[other] <= FLOORS[own], f"{own} imports {other}, which is above it"
        if own in APART and other in APART:
            assert own == other, f"{own} imports {other}, its neighbour"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_outer_floors_touch_the_world(path: Path) -> None:
    floor = FLOORS[part_of(path)]
    for name in imported(path):
        for library, allowed in OUTSIDE.items():
            if name == library or name.startswith(library + "."):
                assert floor in (allowed, 7), f"{part_of(path)} imports {name}"


@pytest.mark.parametrize("floor", [0, 1])
def test_the_lowest_floors_need_the_standard_library_only(floor: int) -> None:
    import sys  # noqa: PLC0415  # the list of its modules is wanted here only

    known = {*sys.stdlib_module_names, "xlreport"}
    for path in modules():
        if FLOORS[part_of(path)] == floor:
            assert {name.split(".")[0] for name in imported(path)} <= known, path
