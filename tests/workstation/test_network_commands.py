"""`sonofill echo`, `node` and `send` as they are typed, against DCMTK's storescp; no patient's name in anything they say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive import Archive
from dicom_io import EncodedObject, Series, encode_encounter, new_uid
from dicom_io.context import Phase
from procedure import Encounter
from procedure.demonstration import demonstration
from procedure.steps import correct, finalise
from tests.archive.objects import ultrasound
from tests.dicom_io.test_encounter import images_of, study
from tests.network.authority import authority
from tests.network.servers import Storescp, data_set_of, free_port, orthanc, storescp
from tests.network.test_worklist import entry, wlmscpfs
from tests.workstation.conftest import Sonofill

PLANTED = ("Test^Person", "Test", "Person", "P1")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storescp]:
    with storescp(tmp_path_factory.mktemp("storescp")) as running:
        yield running


@pytest.fixture
def sonofill_here(sonofill: Sonofill, tmp_path: Path) -> Sonofill:
    """The program with settings of the test's own."""
    return lambda *words, **more: sonofill(*words, SONOFILL_CONFIG=str(tmp_path / "config"), **more)


def archived(folder: Path, count: int = 2) -> tuple[Path, str]:
    first = ultrasound()
    with Archive(folder / "archive") as archive:
        archive.put(first)
        for number in range(1, count):
            archive.put(ultrasound(first.study_instance_uid, first.series_instance_uid, number=number + 1))
    return folder / "archive", first.study_instance_uid


def test_nodes_are_remembered_tested_and_forgotten(sonofill_here: Sonofill, server: Storescp, tmp_path: Path) -> None:
    assert sonofill_here("node", "list", "--json").document == []
    added = sonofill_here("node", "add", "pacs", server.node.address, "--as", "CLINIC", "--json")
    assert added.status == 0, added.err
    known = {
        "name": "pacs", "ae_title": "STORESCP", "host": "127.0.0.1", "port": server.port, "calling_title": "CLINIC",
        "tls": False,
    }  # fmt: skip
    assert added.document == known
    assert sonofill_here("node", "list", "--json").document == [known]
    assert (tmp_path / "config" / "nodes.json").stat().st_mode & 0o777 == 0o600
    again = sonofill_here("node", "add", "pacs", "OTHER@127.0.0.1:104")
    assert again.status == 1 and "already" in again.err
    tested = sonofill_here("node", "test", "pacs", "--json")
    assert tested.status == 0, tested.err
    assert len(tested.document["takes"]) == 8 and all(kind["taken"] for kind in tested.document["takes"])
    assert sonofill_here("node", "remove", "pacs", "--json").document == {"removed": "pacs"}
    assert sonofill_here("node", "remove", "pacs").status == 1
    assert sonofill_here("echo", "pacs").status == 2
    assert sonofill_here("node", "add", "bad", "no address").status == 2
    (tmp_path / "config" / "nodes.json").write_text('{"version": 1, "nodes": [{"name": "x", "prot": 1}]}')
    broken = sonofill_here("node", "list")
    assert broken.status == 1 and "nodes.json" in broken.err and "Traceback" not in broken.err


def test_echo_says_who_answers_and_who_does_not(sonofill_here: Sonofill, server: Storescp) -> None:
    ran = sonofill_here("echo", server.node.address, "--json")
    assert ran.status == 0, ran.err
    assert ran.document["ok"] and ran.document["implementation"].startswith("OFFIS")
    ran = sonofill_here("echo", f"NOBODY@127.0.0.1:{free_port()}", "--json")
    assert ran.status == 1 and not ran.document["ok"]
    assert ran.err.count("\n") == 1 and ran.document["what"] in ran.err


@pytest.mark.requirement("C5")
def test_send_waits_for_every_answer(sonofill_here: Sonofill, server: Storescp, tmp_path: Path) -> None:
    archive, uid = archived(tmp_path, 3)
    ran = sonofill_here("send", uid[:12], "--archive", archive, "--to", server.node.address, "--json")
    assert ran.status == 0, ran.err
    told = ran.document
    assert (told["sent"], told["failed"], told["study_instance_uid"]) == (3, 0, uid)
    there = server.data_sets()
    with Archive(archive) as kept:
        for row in kept.objects(uid):
            assert there[row.sop_instance_uid] == data_set_of(row.file)
    assert all(one["ok"] and one["status"] == "0000" for one in told["objects"])
    nobody = f"NOBODY@127.0.0.1:{free_port()}"
    lost = sonofill_here("send", uid, "--archive", archive, "--to", nobody, "--json")
    assert lost.status == 1 and lost.document["failed"] == 3
    assert lost.err.count("\n") == 1 and "(3 objects)" in lost.err
    for text in (ran.out, ran.err, lost.out, lost.err):
        assert not any(name in text for name in PLANTED)
    missing = sonofill_here("send", "9.9.9", "--archive", archive, "--to", server.node.address)
    assert missing.status == 1 and "no study" in missing.err


def test_the_outbox_keeps_what_cannot_go_now(sonofill_here: Sonofill, tmp_path: Path) -> None:
    archive, uid = archived(tmp_path, 3)
    port = free_port()
    where = ("--archive", archive, "--json")
    sonofill_here("node", "add", "pacs", f"STORESCP@127.0.0.1:{port}")
    queued = sonofill_here("send", uid, "--to", "pacs", "--queue", *where)
    assert queued.status == 0 and (queued.document["queued"], queued.document["already"]) == (3, 0), queued.err
    assert sonofill_here("send", uid, "--to", "pacs", "--queue", *where).document["already"] == 3
    assert sonofill_here("send", uid, "--to", "pacs", "--queue", "--as", "OTHER", *where).status == 2
    away = sonofill_here("outbox", "run", *where)
    assert away.status == 1 and "cannot be reached" in away.err, away.err
    (state,) = sonofill_here("outbox", "list", *where).document["destinations"]
    assert (
        (state["destination"], state["waiting"], state["sent"]) == ("pacs", 3, 0) and state["why"] and state["next_at"]
    )
    with storescp(tmp_path, port=port) as there:
        assert sonofill_here("outbox", "run", *where).status == 1, "it is not due yet"
        assert sonofill_here("outbox", "retry", *where).document == {"retried": 3}
        ran = sonofill_here("outbox", "run", *where)
        assert ran.status == 0 and ran.document["sent"] == 3, ran.err
        assert len(there.data_sets()) == 3
    listed = sonofill_here("outbox", "list", "--study", uid, *where).document
    assert [item["state"] for item in listed["objects"]] == ["sent"] * 3
    assert sonofill_here("outbox", "remove", uid, *where).status == 1, "what was sent stays on record"
    sonofill_here("send", uid, "--to", f"NOBODY@127.0.0.1:{port}", "--queue", *where)
    assert sonofill_here("outbox", "remove", uid, *where).document == {"removed": 3}
    assert not any(name in away.out + away.err + ran.out + ran.err for name in PLANTED)
    assert not any(name.encode() in (archive / "outbox.sqlite").read_bytes() for name in PLANTED[:3])


@pytest.mark.requirement("S20")
def test_only_what_is_final_leaves(sonofill_here: Sonofill, server: Storescp, tmp_path: Path) -> None:
    final = demonstration("normal")
    at = final.signatures[-1].at + timedelta(hours=1)
    draft = correct(final, "Demo operator", at, "one more look")
    uid = study().study_instance_uid
    with Archive(tmp_path / "archive") as archive:
        drafted = archive.put(document(draft))
        archive.put(ultrasound(uid))
    words = ("send", uid, "--archive", tmp_path / "archive", "--to", server.node.address, "--json")
    ran = sonofill_here(*words)
    assert ran.status == 1 and "--draft" in ran.err and ran.err.count("\n") == 1
    assert drafted.stem not in server.data_sets()
    with Archive(tmp_path / "archive") as archive:
        corrected = archive.put(document(finalise(draft, "Demo operator", at + timedelta(minutes=1))))
    ran = sonofill_here(*words)
    assert ran.status == 0, ran.err
    assert ran.document["drafts_kept_here"] == 1 and ran.document["sent"] == 2
    assert corrected.stem in server.data_sets() and drafted.stem not in server.data_sets()
    ran = sonofill_here(*words, "--draft")
    assert ran.status == 0 and ran.document["sent"] == 3 and drafted.stem in server.data_sets()


def document(encounter: Encounter) -> EncodedObject:
    return encode_encounter(
        encounter, study(), Series(Phase.PRE, number=900), images_of(encounter), sop_instance_uid=new_uid()
    )


def test_commit_asks_and_says_what_the_server_keeps(sonofill_here: Sonofill, tmp_path: Path) -> None:
    archive, uid = archived(tmp_path, 2)
    listen = free_port()
    with orthanc(tmp_path / "orthanc", {"us": ["SONOFILL", "127.0.0.1", listen]}) as pacs:
        sonofill_here("node", "add", "pacs", pacs.node.address)
        where = ("--to", "pacs", "--archive", archive, "--json")
        nothing = sonofill_here("commit", uid, *where)
        assert nothing.status == 1 and "Nothing" in nothing.err
        assert sonofill_here("send", uid, *where).status == 0
        silent = sonofill_here("commit", uid, *where, "--wait", "0.5")
        assert silent.status == 1 and silent.document["open"] == 2 and "--listen" in silent.err
        kept = sonofill_here("commit", uid, *where, "--listen", f"127.0.0.1:{listen}")
        assert kept.status == 0, kept.err
        assert {key: kept.document[key] for key in ("asked", "committed", "failed", "open")} == {
            "asked": 2, "committed": 2, "failed": 0, "open": 0,
        }  # fmt: skip
    listed = sonofill_here("outbox", "list", "--archive", archive, "--json").document
    assert listed["destinations"][0]["committed"] == 2
    assert not any(name in kept.out + kept.err + silent.err for name in PLANTED)


def test_a_secured_server_is_known_with_its_files_and_its_passphrase_is_kept_apart(
    fresh_sonofill: Sonofill, tmp_path: Path
) -> None:
    made = authority(tmp_path / "authority")
    client, server = made.sign("workstation", password="open sesame"), made.sign("server")
    settings = {"SONOFILL_CONFIG": str(tmp_path / "config")}
    words = ("+tls", server.key, server.certificate, "+cf", server.trusted)
    with storescp(tmp_path, *words) as running:
        files = ("--tls-trust", client.trusted, "--tls-certificate", client.certificate, "--tls-key", client.key)
        added = fresh_sonofill(
            *("node", "add", "secured", running.node.address, *files, "--tls-ask-passphrase", "--json"),
            standard_input="open sesame\n", **settings,
        )  # fmt: skip
        assert added.status == 0 and added.document["tls"], added.err
        assert "secrets.json" in added.err and "0600" in added.err
        assert fresh_sonofill("echo", "secured", "--json", **settings).document["ok"]
        assert (tmp_path / "config" / "secrets.json").stat().st_mode & 0o777 == 0o600
        assert "sesame" not in (tmp_path / "config" / "nodes.json").read_text() + added.out + added.err
        assert fresh_sonofill("node", "remove", "secured", **settings).status == 0
        assert "sesame" not in (tmp_path / "config" / "secrets.json").read_text()
    half = fresh_sonofill("node", "add", "half", "A@127.0.0.1:104", "--tls-key", client.key, **settings)
    assert half.status == 2 and "--tls-trust" in half.err


def test_worklist_query_and_retrieve_as_they_are_typed(sonofill_here: Sonofill, tmp_path: Path) -> None:
    with wlmscpfs(tmp_path, [entry(1, "山田^太郎"), entry(2, "No^Step", ScheduledProcedureStepID="")]) as node:
        words = ("worklist", "--from", node.address, "--date", "2026-11-30", "--json")
        told = sonofill_here(*words)
        assert told.status == 0, told.err
        assert [step["patient_name"] for step in told.document["steps"]] == ["山田^太郎"] and told.document[
            "broken"
        ] == 1
        assert told.document["fresh"] and "山田" not in told.err
    away = sonofill_here(*words, "--timeout", 2)
    assert away.status == 1 and not away.document["fresh"] and len(away.document["steps"]) == 1
    assert "ago is shown" in away.err and "山田" not in away.err
    assert sonofill_here("worklist", "--from", node.address, "--date", "tomorrow").status == 2

    archive, uid = archived(tmp_path, 2)
    settings = {"DicomAlwaysAllowFind": True, "DicomAlwaysAllowGet": True}
    with orthanc(tmp_path / "orthanc", {}, **settings) as pacs:
        sonofill_here("node", "add", "pacs", pacs.node.address)
        assert sonofill_here("send", uid, "--archive", archive, "--to", "pacs").status == 0
        found = sonofill_here("query", "--from", "pacs", "--patient-id", "P1", "--json")
        assert found.status == 0, found.err
        assert [row["study_instance_uid"] for row in found.document["studies"]] == [uid]
        back = sonofill_here("retrieve", uid, "--from", "pacs", "--archive", tmp_path / "back", "--json")
        assert back.status == 0 and back.document["kept"] == 2, back.err
        assert not any(name in back.out + back.err for name in PLANTED[:3])
        assert sonofill_here("retrieve", "1.2.3", "--from", "pacs", "--archive", tmp_path / "back").status == 1
    assert sonofill_here("archive", "verify", "--archive", tmp_path / "back").status == 0
