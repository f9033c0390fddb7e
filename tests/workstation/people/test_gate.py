"""Every act, by everybody, with everybody's records: what the gate lets through is what is written here, by hand."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from archive import Archive
from audit.trail import TrailAct, read_message
from tests.archive.objects import ultrasound
from tests.workstation.people.clinic import Clinic
from tests.workstation.people.records import store_draft
from workstation.cli import build_parser
from workstation.cli.admission import words_of
from workstation.people import Gate, NotSignedIn, Refused, Role, load_accounts
from workstation.people.acts import table

#: What each role may do: y all records, o its own and new ones, t others' and new ones, - nothing; the last is nobody.
EXPECTED = """
               clinician trainee reviewer administrator nobody
capture        y         y       -        -             -
change         y         o       -        -             -
read           y         y       y        -             -
finalise       y         o       -        -             -
attest         t         -       -        -             -
reassign       y         -       -        -             -
export         y         o       -        -             -
medium         y         o       -        -             -
pack           y         o       y        -             -
deidentify     y         o       y        -             -
reidentify     y         -       -        -             -
import         y         -       -        y             -
verify         y         y       y        y             -
keep           y         -       -        y             -
hold           y         -       -        y             -
retention      y         -       -        y             -
plan_reviews   -         -       y        y             -
review         -         -       t        -             -
answer         o         o       -        -             -
trail          -         -       y        y             -
people         -         -       -        y             -
equipment      y         y       -        y             -
look_equipment y         y       y        y             y
service        y         y       y        y             y
emergency      y         y       y        y             y
"""
ROWS = {line.split()[0]: line.split()[1:] for line in EXPECTED.strip().splitlines()[1:]}
WHO = (*Role, None)
ALLOWED = {"y": ("new", "own", "others"), "o": ("new", "own"), "t": ("new", "others"), "-": ()}


@pytest.fixture(scope="module")
def studies(shared: Clinic) -> dict[str, str]:
    """A draft by each role's person, by the person's full name."""
    made = {}
    for number, account in enumerate(load_accounts(shared.root).accounts, start=1):
        store_draft(shared.root, f"2.25.{number}", account.full_name)
        made[account.full_name] = f"2.25.{number}"
    return made


def test_the_table_has_these_acts_and_no_others() -> None:
    assert set(table().acts) == set(ROWS)
    for row in ROWS.values():
        assert row[-1] == "-" or set(row) == {"y"}, "what may be done without signing in, everybody may"


@pytest.mark.requirement("S20")
@pytest.mark.parametrize("act", ROWS)
def test_everybody_may_do_just_what_is_theirs(act: str, shared: Clinic, studies: dict[str, str]) -> None:
    gate, accounts = Gate(shared.root), load_accounts(shared.root)
    for place, role in enumerate(WHO):
        person = accounts.find(str(role)) if role else None
        own = studies[person.full_name] if person else "2.25.1"
        others = next(uid for uid in studies.values() if uid != own)
        for whose, named in (("new", []), ("own", [own]), ("others", [others]), ("others", [own, others])):
            allowed = whose in ALLOWED[ROWS[act][place]] and (len(named) < 2 or ROWS[act][place] == "y")
            try:
                gate.admit(act, person, named)
            except (Refused, NotSignedIn) as refusal:
                assert not allowed, (act, role, whose)
                assert isinstance(refusal, NotSignedIn) == (person is None)
            else:
                assert allowed, (act, role, whose)


def test_a_refusal_stands_in_the_trail(shared: Clinic, studies: dict[str, str]) -> None:
    trainee = load_accounts(shared.root).find("trainee")
    with pytest.raises(Refused, match=r"T\. Trainee \(trainee\) may not attest a record.*Who may: a clinician"):
        Gate(shared.root).admit("attest", trainee, ["2.25.1"])
    with Archive(shared.root) as kept:
        *_, (_, last) = kept.told()
        assert kept.verify().ok
    event = read_message(last)
    assert (event.act, event.ok, event.by) == (TrailAct.REFUSED, False, "trainee")
    assert (event.about, event.studies) == ("sonofill:act/attest", ("2.25.1",))


def test_pictures_tell_their_author_too(shared: Clinic) -> None:
    from workstation.people.authors import authors_of

    with Archive(shared.root) as kept:
        kept.put(ultrasound(study="2.25.77"))
        assert authors_of(kept, "2.25.77") == frozenset()
    trainee = load_accounts(shared.root).find("trainee")
    with pytest.raises(Refused):  # whose it is is not told: nobody's own
        Gate(shared.root).admit("change", trainee, ["2.25.77"])


def test_without_accounts_everybody_may_do_everything_and_nothing_is_told(
    tmp_path: Path, module_patch: pytest.MonkeyPatch
) -> None:
    with Archive(tmp_path / "a") as kept:
        kept.put(ultrasound(study="1.2.3"))
    for act in ROWS:
        Gate(tmp_path / "a").tell_act(Gate(tmp_path / "a").admit(act, None, ["1.2.3"]), None, ["1.2.3"])
    with Archive(tmp_path / "a") as kept:
        assert list(kept.told()) == [] and kept.checkpoint().size == 1


def leaves(parser: argparse.ArgumentParser, words: str = "") -> list[str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return [leaf for name, below in action.choices.items() for leaf in leaves(below, f"{words} {name}".strip())]
    return [words]


def test_each_command_is_in_one_act_or_touches_no_archive() -> None:
    told = [words for act in table().acts.values() for words in act.commands]
    assert len(set(told)) == len(told) and not set(told) & table().free
    commands = leaves(build_parser())
    with_options = {words.partition(" --")[0] for words in told}
    assert with_options | table().free == set(commands)
    # and the words that a parsed command has are those of the table
    for words in commands:
        command, *verb = words.split()
        assert words_of(argparse.Namespace(command=command, verb=verb[0] if verb else None)) == words
