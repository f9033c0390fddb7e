"""Lets a command in where its archive has accounts, and tells the trail what became of it (docs/decisions/0021).

The table `workstation/people/acts.toml` says which act a command is; a command that it lacks is refused.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.cli.place import archive_folder, whole_uid
from workstation.cli.terminal import Failure, complain

if TYPE_CHECKING:
    from workstation.people import Account, Gate
    from workstation.people.acts import Act

#: Arguments that name studies or objects of the archive, and those that name who does it.
_RECORDS = ("study", "studies", "source", "targets", "what")
_DOERS = ("by", "operator", "author")
_READ = "read"  #: the act of a command that touches no archive, when it is given an archive's own files


def run_admitted(arguments: argparse.Namespace, run: Callable[[argparse.Namespace], int]) -> int:
    """Runs the command where whoever is signed in may; returns its status. Raises Failure, PeopleError.

    Guarded is the archive that the command works with, and each one whose own files it is given by their paths.
    """
    guarded = _guarded(arguments)
    if not guarded:
        return run(arguments)
    from workstation.people import Gate, acting_as
    from workstation.people.acts import May

    admitted: list[tuple[Gate, Act, Account | None, tuple[str, ...]]] = []
    for folder, paths in guarded.items():
        gate = Gate(folder)
        act = _act(arguments, by_path=bool(paths)) if gate.is_set_up else None
        if act is None:
            continue
        person = None if act.nobody is May.YES else signed_in(gate)
        studies = _studies_of_paths(paths, folder) if paths else _studies(arguments, folder)
        gate.admit(act.id, person, studies)
        admitted.append((gate, act, person, studies))
    acting = next((person for _, _, person, _ in admitted if person is not None), None)
    if acting is not None:
        _as_oneself(arguments, acting)
    status = 1
    with acting_as(acting):
        try:
            status = run(arguments)
        finally:
            for gate, act, person, studies in admitted:
                untold = gate.tell_act(act, person, studies, ok=status == 0)
                if untold:
                    complain(untold)
    return status


def signed_in(gate: Gate) -> Account | None:
    """Who is signed in at the archive: by the environment for a script, else by a session. Raises NotSignedIn, Failure."""
    from workstation.cli.passwords import told_by_environment
    from workstation.people.kept_session import token_of

    told = told_by_environment()
    if told is not None:
        return gate.sign_in(*told)
    token = token_of(gate.root)
    return gate.person_of(token) if token else None


def words_of(arguments: argparse.Namespace) -> str:
    """The command as the table calls it, such as "archive show"."""
    verbs = (getattr(arguments, name, None) for name in ("verb", "kind", "action"))
    # `report` has a --for that is kept as `kind`: no verb.
    verb = next((verb for verb in verbs if isinstance(verb, str)), "") if arguments.command != "report" else ""
    return " ".join(filter(None, (arguments.command, verb)))


def _act(arguments: argparse.Namespace, *, by_path: bool) -> Act | None:
    from workstation.people.acts import table

    words, acts = words_of(arguments), table()
    try:
        act = acts.of_command(words)
    except KeyError as error:
        raise Failure(f"{words} is not in the table of who may do what: nobody may while sign-in is set up.") from error
    for other in acts.acts.values():
        for told in other.commands:
            command, _, option = told.partition(" --")
            if option and command == words and getattr(arguments, option, None):
                return other
    return acts.acts[_READ] if act is None and by_path else act


def _guarded(arguments: argparse.Namespace) -> dict[Path, list[Path]]:
    """Folders of archives that may have accounts, each with the paths in it that are named; none for the one of --archive.

    Looks without loading anything: mostly there are no accounts.
    """
    from workstation.cli.place import WebPlace
    from workstation.settings import settings_path

    guarded: dict[Path, list[Path]] = {}
    for path in _paths(arguments):
        root = next((folder for folder in (path, *path.parents) if _has_accounts(folder)), None)
        if root is not None:
            guarded.setdefault(root, []).append(path)
    if not hasattr(arguments, "archive") or isinstance(arguments.archive, WebPlace) or arguments.command == "doctor":
        return guarded
    source = getattr(arguments, "source", None)
    sources = source if isinstance(source, list) else [source]
    if all(told and os.path.lexists(str(told)) for told in sources):
        return guarded  # files of somebody's own, not those of the archive that nobody named
    folder = archive_folder(arguments)
    if _has_accounts(folder) or settings_path().with_name("people-known.txt").exists():
        guarded[folder] = []
    return guarded


def _has_accounts(folder: Path) -> bool:
    return (folder / "people" / "accounts.json").exists()


def _paths(arguments: argparse.Namespace) -> list[Path]:
    """What is named and is there, whole; --archive is asked for by itself."""
    told = [
        one
        for name, value in vars(arguments).items()
        if name != "archive"
        for one in (value if isinstance(value, list) else [value])
    ]
    return [Path(one).resolve() for one in told if isinstance(one, str | Path) and one and os.path.lexists(one)]


def _studies_of_paths(paths: list[Path], folder: Path) -> tuple[str, ...]:
    """The studies in whose folders the paths lie; where one lies above them, all."""
    from archive import Archive

    found: list[str] = []
    for path in paths:
        parts = path.relative_to(folder.resolve()).parts
        if len(parts) > 1 and parts[0] == "studies":
            found.append(parts[1])
        else:
            with Archive(folder, create=False) as kept:
                found += [row.study_instance_uid for row in kept.studies(hidden=True)]
    return tuple(dict.fromkeys(found))


def _studies(arguments: argparse.Namespace, folder: Path) -> tuple[str, ...]:
    """The stored studies that the command names, by themselves or by an object of theirs."""
    from archive import Archive, ArchiveError

    told: list[str] = []
    for name in _RECORDS:
        if name == "what" and arguments.command != "ledger":
            continue  # another command's words
        value = getattr(arguments, name, None)
        told += [
            str(one) for one in (value if isinstance(value, list) else [value]) if one and not os.path.lexists(str(one))
        ]
    if not told:
        return ()
    try:
        with Archive(folder, create=False) as kept:
            found = [kept.path_of(one).parent.parent.name if kept.has(one) else whole_uid(kept, one) for one in told]
    except ArchiveError:
        return ()  # the command says it in its own words
    return tuple(dict.fromkeys(found))


def _as_oneself(arguments: argparse.Namespace, person: Account) -> None:
    """Fills in the person's name where the command asks who does it. Raises Failure for somebody else's."""
    for name in _DOERS:
        if not hasattr(arguments, name):
            continue
        told = getattr(arguments, name)
        if told and told != person.full_name:
            raise Failure(f"You are signed in as {person.full_name}: --{name} can name nobody else.")
        setattr(arguments, name, person.full_name)
    number = getattr(arguments, "registration", None)
    if number and person.registration_number and number != person.registration_number:
        raise Failure(
            f"The registration number of {person.full_name} is another one: name that of your account, or none."
        )
