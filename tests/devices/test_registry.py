"""The registry: several drivers, one list, and drivers of third parties."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from devices import memory
from devices.errors import DeviceError, DeviceNotFound
from devices.registry import DriverMisfit, DriverRegistry, default_drivers, third_party_drivers
from devices.source import DeviceInfo, FrameSource
from tests.contracts.reference_source import ReferenceSource


class UsbDriver:
    name = "usb"

    def __init__(self, *ports: str, serial: str | None = None) -> None:
        self.ports, self.serial = list(ports), serial

    def discover(self) -> list[DeviceInfo]:
        return [
            DeviceInfo(
                *(f"uvc:1d6b:0102@{port}", "Grabber", "uvc", "1d6b", "0102", self.serial, port),
            )
            for port in self.ports
        ]

    def open(self, info: DeviceInfo) -> FrameSource:
        source = ReferenceSource()
        source.info = info
        return source


class OtherDriver(UsbDriver):
    name = "other"

    def discover(self) -> list[DeviceInfo]:
        return [DeviceInfo("other:one", "Other", "capture")]


class FailingDriver(UsbDriver):
    name = "failing"

    def discover(self) -> list[DeviceInfo]:
        raise DeviceError("The library below is missing.")


def test_the_devices_of_all_drivers_are_one_list(tmp_path: Path) -> None:
    registry = DriverRegistry([UsbDriver("1-1", serial="A"), OtherDriver()], tmp_path)
    assert [info.id for info in registry.discover()] == ["uvc:1d6b:0102:A", "other:one"]
    with registry.open("uvc:1d6b:0102:A") as source:
        assert source.info.identity_rule == "serial"
    assert registry.find("other:one").name == "Other"


def test_threads_that_look_at_once_keep_all_they_saw(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The window looks, opens and records an answer from several threads: nothing that one wrote is lost to another."""
    drivers = [UsbDriver(f"1-{number}") for number in range(1, 9)]
    for number, driver in enumerate(drivers):
        driver.name = f"usb{number}"
    registry = DriverRegistry(drivers, tmp_path)
    wanted = [f"uvc:1d6b:0102@1-{number}" for number in range(1, 9)]

    def answer(device_id: str) -> None:
        registry.discover()
        registry.choose(device_id, device_id)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(answer, wanted))
    kept = memory.load(tmp_path)
    assert sorted(kept.devices) == wanted and sorted(kept.chosen) == wanted
    assert not caplog.records


def test_the_identity_rule_spans_drivers_and_time(tmp_path: Path) -> None:
    DriverRegistry([UsbDriver("1-1", "1-2", serial="S")], tmp_path).discover()
    later = DriverRegistry([UsbDriver("1-2", serial="S")], tmp_path)
    assert [(i.id, i.identity_rule) for i in later.discover()] == [("uvc:1d6b:0102@1-2", "port")]


def test_an_answer_is_kept(tmp_path: Path) -> None:
    DriverRegistry([UsbDriver("1-1")], tmp_path).discover()
    registry = DriverRegistry([UsbDriver("1-5")], tmp_path)
    assert registry.choose("uvc:1d6b:0102@1-1", "uvc:1d6b:0102@1-5").identity_rule == "asked"
    with DriverRegistry([UsbDriver("1-5")], tmp_path).open("uvc:1d6b:0102@1-1") as source:
        assert source.info.port_path == "1-5"


def test_an_unknown_device_is_refused_with_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(DeviceNotFound, match="other:one"):
        DriverRegistry([OtherDriver()], tmp_path).open("other:two")


def test_a_driver_in_trouble_hides_no_other(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    registry = DriverRegistry([FailingDriver(), OtherDriver()], tmp_path)
    assert [info.id for info in registry.discover()] == ["other:one"]
    assert "The library below is missing" in caplog.text


def test_a_simulated_device_is_remembered_nowhere(tmp_path: Path) -> None:
    DriverRegistry([OtherDriver()], tmp_path / "state").discover()
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("misfit", [object(), type("Half", (), {"name": "half", "discover": lambda self: []})()])
def test_a_driver_that_does_not_fit_is_refused_at_once(misfit: object) -> None:
    with pytest.raises(DriverMisfit, match=r"lacks .*open"):
        DriverRegistry([misfit])  # type: ignore[list-item]


def test_two_drivers_of_one_name_are_refused() -> None:
    with pytest.raises(DriverMisfit, match="other"):
        DriverRegistry([OtherDriver(), OtherDriver()])


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installed package with one entry point: its module `acme_probe` is for the test to write."""
    metadata = tmp_path / "acme_probe-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-probe\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[sonofill.devices]\nacme = acme_probe:Driver\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path / "acme_probe.py"
    sys.modules.pop("acme_probe", None)


def test_a_third_party_adds_a_driver_by_entry_point(package: Path) -> None:
    package.write_text(
        "class Driver:\n    name = 'acme'\n    def discover(self): return []\n    def open(self, info): ...\n"
    )
    assert [driver.name for driver in third_party_drivers()] == ["acme"]


@pytest.mark.parametrize(
    "code", ["class Driver:\n    name = 'acme'\n", "import a_library_that_is_not_there\n", "", "Driver = None\n"]
)
def test_a_third_party_driver_that_does_not_fit_is_named_with_its_package(package: Path, code: str) -> None:
    package.write_text(code)
    with pytest.raises(DriverMisfit, match="'acme' of the package 'acme-probe'"):
        third_party_drivers()


def test_the_drivers_of_this_system_are_chosen_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONOFILL_DRIVERS", "opencv")
    assert default_drivers()[0].name == "opencv"
    monkeypatch.setenv("SONOFILL_DRIVERS", "nonsense")
    with pytest.raises(DriverMisfit, match="nonsense"):
        default_drivers()


@pytest.mark.skipif(sys.platform != "linux", reason="V4L2 is Linux's")
def test_linux_gets_v4l2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SONOFILL_DRIVERS", raising=False)
    assert default_drivers()[0].name == "v4l2"
    assert isinstance(default_drivers()[0].discover(), list)
