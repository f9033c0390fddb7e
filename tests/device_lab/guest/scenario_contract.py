"""The contract of every frame source, against the kernel's own driver."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.device_lab.guest.lab import scenario


class _Outcomes:
    """A pytest plugin that keeps what each test did."""

    def __init__(self) -> None:
        self.passed: list[str] = []
        self.failed: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid.rpartition("::")[2]
        if report.failed:
            self.failed[name] = report.longreprtext[-2000:]
        elif report.when == "call" and report.passed:
            self.passed.append(name)


@scenario(180.0)
def contract() -> dict[str, Any]:
    outcomes = _Outcomes()
    file = Path(__file__).with_name("contract_v4l2.py")
    # Bare pytest: in an emulated machine its plug-ins, the rewriting of asserts and conftest.py take half a minute.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    bare = ["-c", os.devnull, "--rootdir", str(file.parent), "--noconftest", "--assert=plain", "-p", "no:cacheprovider"]
    code = pytest.main([str(file), "-q", "--tb=short", *bare], plugins=[outcomes])
    return {"code": int(code), "passed": outcomes.passed, "failed": outcomes.failed}
