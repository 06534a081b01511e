"""Where every tool has been installed, a test that skips for want of one has failed.

With XLREPORT_REQUIRE_TOOLS=1 that is so but for tests marked ``bench``, whose libraries are an extra that the
tests do without; with XLREPORT_REQUIRE_TOOLS=all it is so for them too.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")  # how long an example takes says more about the machine than about the code

REQUIRED = os.environ.get("XLREPORT_REQUIRE_TOOLS", "")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Turn a skip into a failure where XLREPORT_REQUIRE_TOOLS is set."""
    report = yield
    may_skip = not REQUIRED or (REQUIRED != "all" and item.get_closest_marker("bench"))
    if report.skipped and not may_skip and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid} was skipped, and here nothing may be: {call.excinfo and call.excinfo.value}"
        )
    return report
