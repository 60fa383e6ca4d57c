"""What holds for all tests."""

import os

import pytest
from hypothesis import settings

# the wall clock decides nothing; a failure prints what reproduces it
settings.register_profile("firstwave", deadline=None, print_blob=True)
settings.load_profile("firstwave")

# no test opens a window or makes a sound, unless it asks for a screen of its own
os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")


def pytest_addoption(parser):
    parser.addoption("--peer", metavar="PATH", help="SIMH's i704, for the benchmarks of the 704")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where FIRSTWAVE_FORBID_SKIPS is set (continuous integration), a skipped test has failed."""
    report = yield
    if report.skipped and os.environ.get("FIRSTWAVE_FORBID_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is forbidden here: {report.longrepr}"
    return report
