"""Where every tool has been installed, a test that skips for want of one has failed."""

import os
from collections.abc import Iterator

import pytest

REQUIRED = bool(os.environ.get("XLREPORT_REQUIRE_TOOLS"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Turn a skip into a failure where XLREPORT_REQUIRE_TOOLS is set."""
    report = yield
    if REQUIRED and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid} was skipped, and here nothing may be: {call.excinfo and call.excinfo.value}"
        )
    return report
