"""Who a device is: serial number, port, or a person's answer."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from devices import memory as device_memory
from devices.errors import DeviceAmbiguous, DeviceNotFound
from devices.identity import Memory, choose, identify, remember, resolve
from devices.source import DeviceInfo


def camera(port: str | None, serial: str | None = None, product: str = "0102") -> DeviceInfo:
    return DeviceInfo(
        id=f"uvc:1d6b:{product}@{port}",
        name="Grabber",
        kind="uvc",
        vendor_id="1d6b",
        product_id=product,
        serial=serial,
        port_path=port,
    )


def seen(memory: Memory, *present: DeviceInfo) -> tuple[list[DeviceInfo], Memory]:
    """One look: what is present, identified, and the memory afterwards."""
    identified = identify(present, memory)
    return identified, remember(identified, memory)


@pytest.mark.requirement("C1")
def test_a_unique_serial_number_decides() -> None:
    [found] = identify([camera("1-1", "SN-0001")])
    assert (found.id, found.identity_rule) == ("uvc:1d6b:0102:SN-0001", "serial")


def test_a_unique_serial_number_holds_on_another_port() -> None:
    [before], memory = seen(Memory(), camera("1-1", "A"))
    [after], memory = seen(memory, camera("2-3.1", "A"))
    assert before.id == after.id
    assert resolve(before.id, [after], memory).port_path == "2-3.1"


@pytest.mark.requirement("C1")
def test_two_cameras_without_a_serial_are_told_apart_by_port() -> None:
    found = identify([camera("1-1"), camera("1-2")])
    assert [(f.id, f.identity_rule) for f in found] == [("uvc:1d6b:0102@1-1", "port"), ("uvc:1d6b:0102@1-2", "port")]


@pytest.mark.requirement("C1")
def test_two_webcams_that_share_a_serial_number_are_told_apart_by_port() -> None:
    found = identify([camera("1-1", "200901010001"), camera("1-2", "200901010001")])
    assert [f.identity_rule for f in found] == ["port", "port"]
    assert len({f.id for f in found}) == 2


def test_the_same_serial_number_of_another_model_is_no_conflict() -> None:
    found = identify([camera("1-1", "1"), camera("1-2", "1", product="0999")])
    assert [f.identity_rule for f in found] == ["serial", "serial"]


def test_a_remembered_camera_with_the_same_serial_number_that_is_not_present_counts() -> None:
    both, memory = seen(Memory(), camera("1-1", "S"), camera("1-2", "S"))
    [alone], memory = seen(memory, camera("1-2", "S"))
    assert (alone.id, alone.identity_rule) == (both[1].id, "port"), "the other one may come back at any time"
    with pytest.raises(DeviceNotFound):  # it was seen beside the one that is present, so it is not that one
        resolve(both[0].id, [alone], memory)


def test_an_id_by_serial_that_two_devices_turn_out_to_share_is_asked_about() -> None:
    [first], memory = seen(Memory(), camera("1-1", "S"))
    both, memory = seen(memory, camera("1-1", "S"), camera("1-2", "S"))
    with pytest.raises(DeviceAmbiguous) as caught:
        resolve(first.id, both, memory)
    assert set(caught.value.candidates) == {b.id for b in both}


@pytest.mark.requirement("C1")
def test_two_cameras_without_a_serial_that_moved_are_asked_about() -> None:
    before, memory = seen(Memory(), camera("1-1"), camera("1-2"))
    after, memory = seen(memory, camera("1-3"), camera("1-4"))
    with pytest.raises(DeviceAmbiguous) as caught:
        resolve(before[0].id, after, memory)
    assert caught.value.candidates == (after[0].id, after[1].id)
    assert after[0].id in str(caught.value) and "choose" in str(caught.value)


def test_what_a_person_answered_is_remembered_and_said() -> None:
    before, memory = seen(Memory(), camera("1-1"), camera("1-2"))
    after, memory = seen(memory, camera("1-3"), camera("1-4"))
    memory = choose(before[0].id, after[1].id, memory)
    meant = resolve(before[0].id, after, memory)
    assert (meant.port_path, meant.identity_rule) == ("1-4", "asked")


def test_an_answer_is_in_doubt_again_when_something_stands_at_the_old_place() -> None:
    [before], memory = seen(Memory(), camera("1-1"))
    [moved], memory = seen(memory, camera("1-3"))
    memory = choose(before.id, moved.id, memory)
    both, memory = seen(memory, camera("1-1"), camera("1-3"))
    with pytest.raises(DeviceAmbiguous):
        resolve(before.id, both, memory)
    memory = choose(before.id, before.id, memory)
    assert resolve(before.id, both, memory).port_path == "1-1"


def test_the_other_one_of_two_is_not_taken_for_the_missing_one() -> None:
    before, memory = seen(Memory(), camera("1-1"), camera("1-2"))
    now, memory = seen(memory, camera("1-2"))
    with pytest.raises(DeviceNotFound):
        resolve(before[0].id, now, memory)


def test_an_unknown_id_names_what_is_there() -> None:
    with pytest.raises(DeviceNotFound, match=r"'uvc:dead:beef:1'.*uvc:1d6b:0102:A \(Grabber\)"):
        resolve("uvc:dead:beef:1", identify([camera("1-1", "A")]))
    with pytest.raises(DeviceNotFound, match="none"):
        resolve("uvc:dead:beef:1", [])


def test_two_pictures_of_one_device_have_two_ids_and_share_the_serial_number() -> None:
    found = identify([camera("1-1", "A"), camera("1-1:2", "A")])
    assert [f.id for f in found] == ["uvc:1d6b:0102:A", "uvc:1d6b:0102:A:2"]
    assert {f.identity_rule for f in found} == {"serial"}


def test_a_blank_serial_number_is_none_and_an_odd_one_is_quoted() -> None:
    [blank] = identify([camera("1-1", " \0")])
    [odd] = identify([camera("1-1", "/dev/x:1@2")])
    assert blank.identity_rule == "port"
    assert odd.id == "uvc:1d6b:0102:%2Fdev%2Fx%3A1%402"


def test_simulated_devices_and_devices_without_a_port_stay_as_they_are() -> None:
    simulated = DeviceInfo("mock:normal", "Simulated", "simulated", identity_rule="name")
    nowhere = replace(camera(None), id="uvc:0:index")
    assert identify([simulated, nowhere]) == [simulated, nowhere]


def test_identifying_twice_changes_nothing() -> None:
    once = identify([camera("1-1", "A"), camera("1-2"), camera("1-3")])
    assert identify(once) == once


def test_the_memory_survives_on_disk(tmp_path: Path) -> None:
    _, memory = seen(Memory(), camera("1-1"), camera("1-2"), camera("1-3", "S"))
    memory = choose("uvc:1d6b:0102@1-1", "uvc:1d6b:0102@1-2", memory)
    device_memory.save(tmp_path / "state", memory)
    again = device_memory.load(tmp_path / "state")
    assert (dict(again.devices), dict(again.chosen)) == (dict(memory.devices), dict(memory.chosen))
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["devices.json"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 9}', '{"version": 1, "devices": [{}], "chosen": {}}'])
def test_a_memory_that_makes_no_sense_is_said_and_begun_afresh(
    tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "devices.json").write_text(content)
    with caplog.at_level(logging.WARNING):
        assert device_memory.load(tmp_path) == Memory()
    assert "afresh" in caplog.text


def test_a_folder_that_cannot_be_written_is_said_and_harmless(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    with caplog.at_level(logging.WARNING):
        device_memory.save(tmp_path / "state", Memory())
    assert "cannot be remembered" in caplog.text


def test_the_state_folder_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONOFILL_STATE", str(tmp_path))
    assert device_memory.state_folder() == tmp_path
    monkeypatch.delenv("SONOFILL_STATE")
    assert device_memory.state_folder().name == "sonofill"


def test_the_file_is_plain_json(tmp_path: Path) -> None:
    _, memory = seen(Memory(), camera("1-1", "A"))
    device_memory.save(tmp_path, memory)
    [entry] = json.loads((tmp_path / "devices.json").read_text())["devices"]
    assert entry["port_path"] == "1-1" and entry["rule"] == "serial"
