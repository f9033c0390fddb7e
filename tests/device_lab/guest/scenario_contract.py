"""The contract of every frame source, against the kernel's own driver."""

from __future__ import annotations

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
    code = pytest.main([str(file), "-q", "-p", "no:cacheprovider", "--tb=short"], plugins=[outcomes])
    return {"code": int(code), "passed": outcomes.passed, "failed": outcomes.failed}
