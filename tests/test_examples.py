"""The examples are also the documentation: what their pages show is what the commands print.

Each folder of `tests/examples` has a README.md with console blocks. A line ``$ xlreport ...`` is run in a
copy of the folder; what follows it in the block is its whole output, standard error included, and a line
``(exit 1)`` its exit code. ``> file`` compares standard output with that file of the folder instead.

``XLREPORT_UPDATE=1 python -m pytest tests/test_examples.py`` writes what is printed into the pages.
"""

import os
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from xlreport.cli import main

ROOT = Path(__file__).parents[1]
EXAMPLES = Path(__file__).parent / "examples"
PAGES = [ROOT / "README.md", *sorted(EXAMPLES.glob("*/README.md"))]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
UPDATE = bool(os.environ.get("XLREPORT_UPDATE"))


@dataclass
class Step:
    """One command of a console block and the output that the page shows."""

    command: str
    expected: str


def steps(block: str) -> Iterator[Step]:
    for part in re.split(r"^(?=\$ )", block, flags=re.MULTILINE):
        if part.strip():
            command, _, expected = part.partition("\n")
            yield Step(command.removeprefix("$ "), expected)


def run(command: str, folder: Path) -> tuple[str, str]:
    """Run a command line in ``folder``; return what it prints, and what of that is redirected to a file."""
    line, _, target = command.partition(" > ")
    program, *arguments = shlex.split(line)
    assert program == "xlreport", f"only xlreport is run here, not {program}"
    result = CliRunner(env={"COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1"}).invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    code = f"(exit {result.exit_code})\n" if result.exit_code else ""
    if target:
        (folder / target).write_text(result.stdout, encoding="utf-8", newline="\n")
        return result.stderr + code, result.stdout
    return result.output + code, ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_page(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "example"
    if page.parent == ROOT:
        folder.mkdir()
    else:
        shutil.copytree(page.parent, folder)
    monkeypatch.chdir(folder)
    text = page.read_text(encoding="utf-8")
    for block in BLOCK.findall(text):
        printed = ""
        for step in steps(block):
            output, redirected = run(step.command, folder)
            printed += f"$ {step.command}\n{output}"
            if redirected:
                check_file(page.parent / step.command.partition(" > ")[2], redirected)
        if UPDATE:
            text = text.replace(block, printed)
        else:
            assert printed == block
    if UPDATE:
        page.write_text(text, encoding="utf-8", newline="\n")
    for code in PYTHON.findall(text):
        exec(compile(code, str(page), "exec"), {})  # noqa: S102  # our own page


def check_file(golden: Path, content: str) -> None:
    if UPDATE:
        golden.write_text(content, encoding="utf-8", newline="\n")
    assert content == golden.read_text(encoding="utf-8")


def test_there_are_examples() -> None:
    assert {path.name for path in EXAMPLES.iterdir()} == {page.parent.name for page in PAGES[1:]}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"tests/examples/{page.parent.name}/README.md" in readme for page in PAGES[1:])


def test_links_lead_somewhere() -> None:
    for page in [*PAGES, ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page}: {target}"
