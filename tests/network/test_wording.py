"""What goes over the wire, bit for bit: commands, fragments, addresses. pynetdicom and pydicom are the judges."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import Dataset
from pydicom.filereader import read_dataset
from pynetdicom.pdu import P_DATA_TF

from dicom_io.errors import BadAddress, CannotOpen, NotDicom, WrongAnswer
from dicom_io.network import command as dimse
from dicom_io.network import object_file, parse_address
from dicom_io.network.fragments import Fragments, longest_fragment
from tests.archive.objects import content, ultrasound

_uids = st.from_regex(r"[0-2](\.[1-9][0-9]{0,8}){1,6}", fullmatch=True)


@settings(max_examples=50, deadline=None)
@given(uid=_uids, other=_uids, number=st.integers(0, 0xFFFF), status=st.integers(0, 0xFFFF))
def test_a_command_reads_as_pydicom_reads_it(uid: str, other: str, number: int, status: int) -> None:
    command = dimse.request(dimse.C_STORE, number, data_set=True) | {
        dimse.AFFECTED_CLASS: uid,
        dimse.AFFECTED_UID: other,
        dimse.STATUS: status,
    }
    data = dimse.encode(command)
    assert dimse.decode(data) == command
    theirs: Dataset = read_dataset(io.BytesIO(data), is_implicit_VR=True, is_little_endian=True)
    assert theirs.CommandGroupLength == len(data) - 12
    assert (theirs.AffectedSOPClassUID, theirs.AffectedSOPInstanceUID) == (uid, other)
    assert (theirs.MessageID, theirs.Status, theirs.CommandField) == (number, status, 1)


@given(data=st.binary(max_size=200), uid=st.binary(max_size=20))
def test_a_command_of_any_bytes_is_read_and_can_be_answered_or_is_refused(data: bytes, uid: bytes) -> None:
    """Also where a UID in it is no text: found by the fuzz campaign of the listening place."""
    sound = dimse.encode(dimse.request(dimse.C_ECHO, 1, data_set=False))
    for command in (data, sound + b"\0\0\x02\0" + len(uid).to_bytes(4, "little") + uid, sound + data):
        try:
            dimse.encode(dimse.answer(dimse.decode(command), 0))
        except WrongAnswer as error:
            assert str(error).endswith(".")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    takes=st.integers(128, 200_000) | st.just(0),
    size=st.integers(1, 3_000_000) | st.sampled_from([2, 16378, 16380, 1 << 20, 1 << 21]),
    offset=st.integers(0, 1000),
    context=st.integers(0, 127).map(lambda n: 2 * n + 1),
)
def test_a_file_in_pdus_is_the_file(tmp_path: Path, takes: int, size: int, offset: int, context: int) -> None:
    if takes < 2000:
        size %= 100_000  # the judge below is slow with tiny PDUs
        size += 1
    path = tmp_path / "file"
    data = os.urandom(offset) + (os.urandom(997) * (size // 997 + 1))[:size]
    path.write_bytes(data)
    fragments = Fragments(longest_fragment(takes))
    fd = os.open(path, os.O_RDONLY)
    try:
        for _ in range(2):  # the same memory, used again
            command = fragments.small(context, b"command!", is_command=True)
            sent = b"".join(map(bytes, fragments.of_file(context, command, fd, offset, size)))
            _judge(sent, takes, context, b"command!", data[offset:])
    finally:
        os.close(fd)


def _judge(sent: bytes, takes: int, context: int, command: bytes, data: bytes) -> None:
    at, seen = 0, []
    while at < len(sent):
        length = int.from_bytes(sent[at + 2 : at + 6], "big")
        assert not takes or length <= takes
        pdu = P_DATA_TF()
        pdu.decode(sent[at : at + 6 + length])
        for item in pdu.presentation_data_value_items:
            assert item.presentation_context_id == context
            value = item.presentation_data_value
            assert value is not None
            seen.append((value[0], value[1:]))
        at += 6 + length
    commands = [kind for kind, _ in seen if kind & 1]
    assert b"".join(part for kind, part in seen if kind & 1) == command
    assert b"".join(part for kind, part in seen if not kind & 1) == data
    assert commands[-1] == 3 and seen[-1][0] == 2, "the last fragments say that they are"
    assert [kind for kind, _ in seen].count(2) == 1 and all(len(part) % 2 == 0 for _, part in seen[:-1])


def test_a_file_that_became_shorter_is_not_sent_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(1000))
    fd = os.open(path, os.O_RDONLY)
    with pytest.raises(CannotOpen, match="shorter"):
        list(Fragments(longest_fragment(16384)).of_file(1, b"", fd, 0, 1002))
    os.close(fd)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("PACS@192.168.1.20:104", "192.168.1.20", 104),
        ("A B@host.local:11112", "host.local", 11112),
        ("X@[::1]:1", "::1", 1),
    ],
)
def test_an_address_is_read_and_written(text: str, host: str, port: int) -> None:
    node = parse_address(text)
    assert (node.host, node.port, node.address) == (host, port, text)


@pytest.mark.parametrize(
    "text",
    ["", "PACS", "PACS@host", "PACS@host:0", "PACS@host:65536", "PACS@ho st:104", "@host:104", "P\\S@host:104",
     "ANAMETHATISTOOLONG@host:104", "PÄCS@host:104", " @host:104", "PACS@::1:104", "PACS@host:104/x"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadAddress):
        parse_address(text)


def test_a_file_says_who_it_is_or_is_refused(tmp_path: Path) -> None:
    """Cut at every byte of its head, with every byte of it changed once: read as what it is, or refused with a sentence."""
    item = ultrasound(size=16)
    whole = content(item)
    path = tmp_path / "object.dcm"
    path.write_bytes(whole)
    file = object_file(path)
    assert (file.sop_class_uid, file.sop_instance_uid) == (item.sop_class_uid, item.sop_instance_uid)
    assert file.transfer_syntax_uid == item.transfer_syntax_uid
    assert whole[file.offset : file.offset + 2] == b"\x08\0" and file.offset + file.length == len(whole)
    for at in range(file.offset + 1):
        path.write_bytes(whole[:at])
        with pytest.raises(NotDicom):
            object_file(path)
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            object_file(path)
        except NotDicom as error:
            assert str(path) in str(error)
