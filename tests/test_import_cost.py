"""A button and ``--help`` wait for the import: it loads no library that only a stage needs."""

import subprocess
import sys

import pytest

HEAVY = (
    "pandas",
    "numpy",
    "duckdb",
    "pyarrow",
    "openpyxl",
    "python_calamine",
    "jsonschema",
    "jsonschema_rs",
    "rich",
)


@pytest.mark.parametrize(
    "code",
    [
        "import xlreport",
        "from xlreport.cli import main; main(['--help'], standalone_mode=False)",
        "from xlreport.cli import main; main(['build', '--help'], standalone_mode=False)",
    ],
)
def test_light(code: str) -> None:
    probe = f"import sys; {code}; print('LOADED', *[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "LOADED"
