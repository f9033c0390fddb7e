"""`sonofill ledger checkpoint|prove|check|key`: the ledger as a proof for others."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.cli.place import add_archive_option, archive_folder, whole_uid
from workstation.cli.terminal import Failure, complain, print_json

if TYPE_CHECKING:
    from archive import Archive, SignedCheckpoint
    from archive.cosignature import Witness

KEEP_IT = "Keep it where whoever owns this archive's disk cannot change it: printed, mailed, or with somebody else."


def add_to(commands: Any) -> None:
    """Add the command and its verbs to the parser."""
    parser = commands.add_parser("ledger", help="prove what was stored, and check such proofs")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)

    verb = verbs.add_parser("checkpoint", help="sign the state of the ledger, to be kept elsewhere")
    verb.add_argument("--out", type=Path, metavar="FILE", help="write it there (default: standard output)")
    verb.add_argument("--witness", metavar="URL", help="have a witness countersign it (C2SP tlog-witness)")
    verb.add_argument("--witness-key", metavar="KEY", help="the witness's key as NAME+ID+KEY, or a file of it")
    verb.add_argument("--timestamp", metavar="URL", help="have an authority stamp it (RFC 3161), into FILE.tsr")
    verb.add_argument("--timestamp-trust", type=Path, metavar="PEM", help="certificates that are trusted for that")
    _finish(verb, _checkpoint)

    verb = verbs.add_parser(
        "prove", help="prove that objects are in the ledger, or that it goes on from an earlier state"
    )
    verb.add_argument(
        "what", nargs="?", metavar="OBJECT|STUDY", help="a SOP Instance UID, or a Study Instance UID or its start"
    )
    verb.add_argument("--checkpoint", type=Path, metavar="FILE", help="the state to prove it for (default: a new one)")
    verb.add_argument(
        "--since", type=Path, metavar="FILE", help="prove that the ledger begins as in this earlier checkpoint"
    )
    verb.add_argument("--out", type=Path, metavar="PLACE", help="a file; for a study a folder, one file an object")
    _finish(verb, _prove)

    verb = verbs.add_parser("check", help="check a checkpoint or a proof; needs no archive for a proof")
    verb.add_argument("file", type=Path, metavar="FILE", help="a checkpoint or a proof")
    verb.add_argument("--object", type=Path, metavar="FILE", help="the DICOM file that the proof is about")
    verb.add_argument("--since", type=Path, metavar="FILE", help="the earlier checkpoint of a proof of continuation")
    verb.add_argument(
        "--key", metavar="KEY", help="the public key as NAME+ID+KEY, or a file of it (default: this workplace's)"
    )
    verb.add_argument(
        "--witness-key", metavar="KEY", action="append", default=[], help="who has to have countersigned it"
    )
    verb.add_argument("--timestamp", type=Path, metavar="FILE", help="the time stamp of this checkpoint")
    verb.add_argument("--timestamp-trust", type=Path, metavar="PEM", help="certificates that are trusted for it")
    _finish(verb, _check)

    _finish(verbs.add_parser("key", help="the public key, for those who check"), _key)


def _finish(verb: Any, run: Any) -> None:
    add_archive_option(verb)
    verb.add_argument("--json", action="store_true", help="one JSON document")
    verb.set_defaults(run=run)


def read_checkpoint_file(path: Path) -> SignedCheckpoint:
    """The checkpoint in a file. Raises Failure, ProofUnreadable."""
    from archive.checkpoint import read_checkpoint

    return read_checkpoint(_text(path))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Failure(f"{path} is no text: a checkpoint or a proof is one.") from error


def _open(arguments: argparse.Namespace) -> Archive:
    from archive import Archive

    opened = Archive(archive_folder(arguments), create=False)
    for note in opened.notes:
        complain(note)
    return opened


def _public_key(origin: str) -> str:
    from archive.checkpoint import verifier_key
    from workstation.proof import signing_key

    return verifier_key(origin, signing_key().public_key().public_bytes_raw())


def _checkpoint(arguments: argparse.Namespace) -> int:
    """Status 1 where a witness or an authority that was named did not do it; the checkpoint is there all the same."""
    from workstation.proof import sign_now

    _check_stamp_options(arguments)
    if arguments.timestamp and arguments.out is None:
        raise Failure("A time stamp lies beside its checkpoint: name a file with --out.", status=2)
    if bool(arguments.witness) != bool(arguments.witness_key):
        raise Failure("--witness and --witness-key go together: its signature is checked by its key.", status=2)
    troubles: list[str] = []
    with _open(arguments) as kept:
        signed = sign_now(kept)
        if arguments.witness:
            signed = _countersigned(arguments, kept, signed, troubles)
    _hand_out(signed.whole(), arguments.out)
    stamp = _stamped(arguments, signed, troubles) if arguments.timestamp else None
    if arguments.json:
        key = _public_key(signed.checkpoint.origin)
        print_json({**_state(signed), "checkpoint": signed.whole(), "public_key": key, "timestamp": stamp})
    elif arguments.out is None:
        print(signed.whole(), end="")
    if troubles:
        return complain(" ".join(troubles))
    if not arguments.json:
        complain(KEEP_IT)
    return 0


def _check_stamp_options(arguments: argparse.Namespace) -> None:
    if bool(arguments.timestamp) != bool(arguments.timestamp_trust):
        raise Failure("--timestamp and --timestamp-trust go together: say whose certificate counts.", status=2)


def _countersigned(
    arguments: argparse.Namespace, kept: Archive, signed: SignedCheckpoint, troubles: list[str]
) -> SignedCheckpoint:
    from workstation.proof.witness import NotCountersigned, countersign

    try:
        return countersign(kept, signed, arguments.witness, _witness(arguments.witness_key))
    except NotCountersigned as error:
        troubles.append(str(error))
        return signed


def _witness(told: str) -> Witness:
    """The witness of NAME+ID+KEY, or of a file of it. Raises Failure, ProofUnreadable."""
    from archive.cosignature import read_witness

    return read_witness(told if "+" in told and not Path(told).is_file() else _text(Path(told)))


def _stamped(arguments: argparse.Namespace, signed: SignedCheckpoint, troubles: list[str]) -> dict[str, object] | None:
    from archive.errors import ProofUnreadable
    from workstation.proof.timestamp import NotStamped, ask_time_stamp

    place: Path = arguments.out.with_name(f"{arguments.out.name}.tsr")
    try:
        stamp = ask_time_stamp(arguments.timestamp, signed.whole().encode(), arguments.timestamp_trust)
        place.write_bytes(stamp.answer)
    except (NotStamped, ProofUnreadable) as error:
        troubles.append(str(error))
        return None
    except OSError as error:
        raise Failure(f"{place} cannot be written: {error.strerror}.") from error
    return {
        "file": str(place.absolute()),
        "at": stamp.at.isoformat(),
        "policy": stamp.policy,
        "serial": str(stamp.serial),
    }


def _state(signed: SignedCheckpoint) -> dict[str, object]:
    said = signed.checkpoint
    return {"origin": said.origin, "size": said.size, "root": said.root.hex()}


def _hand_out(text: str, place: Path | None) -> None:
    if place is None:
        return
    from annotation.autosave import write_durably

    try:
        write_durably(text, place)
    except OSError as error:
        raise Failure(f"{place} cannot be written: {error.strerror}.") from error


def _prove(arguments: argparse.Namespace) -> int:
    from workstation.proof import sign_now

    if (arguments.what is None) == (arguments.since is None):
        raise Failure("Say what is to be proven: an object, a study, or --since an earlier checkpoint.", status=2)
    with _open(arguments) as kept:
        signed = read_checkpoint_file(arguments.checkpoint) if arguments.checkpoint else sign_now(kept)
        if arguments.since is not None:
            proofs = {"": kept.prove_continued(read_checkpoint_file(arguments.since).checkpoint, signed).text()}
        else:
            objects = _objects(kept, arguments.what)
            proofs = {uid: proof.text() for uid, proof in zip(objects, kept.prove(objects, signed), strict=True)}
    if arguments.out is not None:
        _write_proofs(proofs, arguments.out)
    if arguments.json:
        print_json(
            {**_state(signed), "proofs": [{"object": uid or None, "proof": text} for uid, text in proofs.items()]}
        )
    elif arguments.out is None:
        if len(proofs) > 1:
            raise Failure(
                f"That is {len(proofs)} objects with a proof each: name a folder for them with --out.", status=2
            )
        print(*proofs.values(), end="")
    return 0


def _objects(kept: Archive, what: str) -> list[str]:
    if kept.has(what):
        return [what]
    return [row.sop_instance_uid for row in kept.objects(whole_uid(kept, what), hidden=True)]


def _write_proofs(proofs: dict[str, str], out: Path) -> None:
    if len(proofs) == 1 and not out.is_dir():
        _hand_out("".join(proofs.values()), out)
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"The folder {out} cannot be made: {error.strerror}.") from error
    for uid, text in proofs.items():
        _hand_out(text, out / f"{uid or 'continued'}.tlog-proof")


def _check(arguments: argparse.Namespace) -> int:
    from workstation.proof.checking import check_outside, check_text

    _check_stamp_options(arguments)
    archive = _open(arguments) if arguments.archive else None
    try:
        found = check_text(
            _text(arguments.file),
            keys=known_keys(arguments.key),
            archive=archive,
            since=read_checkpoint_file(arguments.since) if arguments.since else None,
            object_file=arguments.object,
        )
        check_outside(found, [_witness(key) for key in arguments.witness_key], _stamp_of(arguments))
    finally:
        if archive is not None:
            archive.close()
    if arguments.json:
        print_json(
            {
                "ok": not found.problems,
                "what": found.what,
                "problems": found.problems,
                "proven": found.proven,
                "notes": found.notes,
            }
        )
    else:
        for sentence in (*found.problems, *found.proven, *found.notes):
            print(sentence)
    return 1 if found.problems else 0


def _stamp_of(arguments: argparse.Namespace) -> tuple[bytes, bytes, Path] | None:
    """The checkpoint's bytes, the time stamp, and whom we trust for it."""
    if arguments.timestamp is None:
        return None
    try:
        return arguments.file.read_bytes(), arguments.timestamp.read_bytes(), arguments.timestamp_trust
    except OSError as error:
        raise Failure(f"{error.filename} cannot be read: {error.strerror}.") from error


def known_keys(told: str | None) -> list[bytes]:
    """The public keys that may have signed: the one that was told, else this workplace's. Raises Failure, KeyUnusable."""
    from archive.checkpoint import read_verifier_key
    from workstation.proof import public_keys

    if told is None:
        return public_keys()
    return [read_verifier_key(told if "+" in told and not Path(told).is_file() else _text(Path(told)))]


def _key(arguments: argparse.Namespace) -> int:
    with _open(arguments) as kept:
        line = _public_key(kept.checkpoint().origin)
    print_json({"public_key": line}) if arguments.json else print(line)
    return 0
