"""Each command, by everybody: let in as the act that is written here for it, by hand, says."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from tests.workstation.people.clinic import PASSWORD, Clinic
from tests.workstation.people.records import store_draft
from tests.workstation.people.test_gate import ALLOWED, ROWS, WHO
from workstation.cli import build_parser
from workstation.cli.admission import run_admitted
from workstation.people import PeopleError, load_accounts

#: Words of a command (STUDY is a stored one), and the act that it is.
COMMANDS = """
record --device mock:normal --seconds 1 --patient-id P --phase pre    capture
recover --save                                       capture
photograph FILE --study STUDY --view front --phase pre    change
report STUDY --for record                            read
report STUDY --for record --store                    change
archive list                                         read
archive show STUDY                                   read
archive verify                                       verify
archive reindex                                      keep
archive copy --to DIR                                keep
archive reassign STUDY --to-patient-id P --reason R --by BY    reassign
archive import FILE                                  import
archive export STUDY --out DIR                       medium
archive deidentify STUDY --out DIR                   deidentify
archive reidentify PSEUDONYM                         reidentify
archive finalise STUDY --by BY                       finalise
archive attest STUDY --by BY --registration N-CLI    attest
record-export STUDY                                  read
audit study STUDY                                    read
audit pack STUDY --out DIR                           pack
audit fleet                                          plan_reviews
review form STUDY --by BY --out FILE                 review
review told --author BY                              answer
review answer STUDY --by BY                          answer
review show STUDY                                    read
ledger checkpoint                                    verify
ledger prove STUDY                                   verify
trail list                                           trail
trail send                                           service
equipment add service --probe P --what W             equipment
equipment due                                        look_equipment
send STUDY --to pacs                                 export
outbox run                                           service
outbox remove STUDY                                  export
people list                                          people
people remove tim                                    people
retrieve 1.2 --from pacs                             import
"""
PARSER = build_parser()
ROWS_OF = [(line.rsplit(None, 1)[0].strip(), line.rsplit(None, 1)[1]) for line in COMMANDS.strip().splitlines()]


@pytest.mark.requirement("S20")
@pytest.mark.parametrize(("words", "act"), ROWS_OF, ids=[words for words, _ in ROWS_OF])
def test_a_command_is_let_in_as_its_act(
    words: str, act: str, shared: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = load_accounts(shared.root)
    password = tmp_path / "password"
    password.write_text(PASSWORD)
    password.chmod(0o600)
    (tmp_path / "file").write_text("")
    by_record = "STUDY" in words.split()
    for place, role in enumerate(WHO):
        person = accounts.find(str(role)) if role else None
        for variable, value in (("SONOFILL_USER", role), ("SONOFILL_PASSWORD_FILE", password)):
            monkeypatch.delenv(variable, raising=False)
            if person is not None:
                monkeypatch.setenv(variable, str(value))
        for whose in ("own", "others") if by_record and person is not None else ("new",):
            name = person.full_name if person else "Nobody"
            study = stored(shared, name if whose == "own" else "Somebody Else")
            put = {"STUDY": study, "BY": name, "FILE": str(tmp_path / "new"), "DIR": str(tmp_path / "out")}
            told = [put.get(word, word) for word in words.split()]
            arguments = PARSER.parse_args([*told, "--archive", str(shared.root)])
            ran: list[argparse.Namespace] = []
            allowed = whose in ALLOWED[ROWS[act][place]]
            try:
                assert run_admitted(arguments, lambda given, ran=ran: ran.append(given) or 0) == 0  # type: ignore[misc]
            except PeopleError:
                assert not allowed, (role, whose)
            assert bool(ran) == allowed, (role, whose)


_KEPT: dict[tuple[Path, str], str] = {}


def stored(clinic: Clinic, author: str) -> str:
    """A draft of that author, stored once."""
    if (clinic.root, author) not in _KEPT:
        _KEPT[clinic.root, author] = f"2.25.{900 + len(_KEPT)}"
        store_draft(clinic.root, _KEPT[clinic.root, author], author)
    return _KEPT[clinic.root, author]
