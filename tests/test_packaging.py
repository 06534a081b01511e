"""The shipped schemas and reports are found from a wheel, an editable install and a plain checkout."""

import configparser
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHIPPED = ("xlreport", "schemas", "workbooks", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")
PROBE = """
from pathlib import Path
import xlreport, xlreport.resources as resources
from xlreport.registry import load_schema
from xlreport.spec import load_report
from xlreport.themes import load_theme
load_report("annual-results"), load_report("contract-register"), load_schema("dataset"), load_theme("forest")
assert (resources.workbooks_folder() / "regions.csv").is_file()
print(Path(xlreport.__file__).resolve().parents[1])
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what a checkout holds, so that building leaves nothing behind in the real one."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", str(checkout), "--no-deps", "--no-build-isolation", "-w", str(folder))
    return next(folder.glob("xlreport-*.whl"))


def pip(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "-q", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def probe(python: str, elsewhere: Path, *paths: Path) -> Path:
    """Run the probe in a folder of its own; return where the package was found."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths)), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [python, "-c", PROBE], cwd=elsewhere, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def test_from_a_plain_checkout(checkout: Path, tmp_path: Path) -> None:
    assert probe(sys.executable, tmp_path, checkout) == checkout.resolve()


def test_from_a_wheel(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    pip("install", str(wheel), "--no-deps", "--target", str(target))
    assert probe(sys.executable, tmp_path, target) == target.resolve()


def test_from_an_editable_install(checkout: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    # the dependencies are those of the running environment
    site = next(home.rglob("site-packages"))
    (site / "running.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    pip("--python", str(python), "install", "-e", str(checkout), "--no-deps", "--no-build-isolation")
    assert probe(str(python), tmp_path) == checkout.resolve()


def test_the_wheel_holds_every_module_and_every_shipped_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "xlreport").rglob("*.py")}
    schemas = {f"xlreport/_shipped/schemas/{path.name}" for path in (ROOT / "schemas").glob("*.json")}
    documents = {
        f"xlreport/_shipped/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "workbooks").glob("*/*.json")
    }
    assert (
        modules | schemas | documents | {"xlreport/_shipped/workbooks/regions.csv", "xlreport/py.typed"}
        <= names
    )


def test_every_package_is_named_in_setup_cfg() -> None:
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    named = set(settings["options"]["packages"].split())
    packages = {
        path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for path in (ROOT / "xlreport").rglob("__init__.py")
    }
    assert packages | {"xlreport._shipped.schemas", "xlreport._shipped.workbooks"} == named
