"""`sonofill signin NAME`: sign in at an archive that has accounts; `signin --who` says who is."""

from __future__ import annotations

import argparse
from typing import Any

from workstation.cli.passwords import add_password_option, read_password
from workstation.cli.place import add_archive_option, archive_folder
from workstation.cli.terminal import Failure, complain, print_json


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "signin",
        help="sign in at an archive that has accounts",
        description="Signs in until `sonofill signout`, until nothing was done for 15 minutes, or for twelve "
        "hours. Scripts set SONOFILL_USER and SONOFILL_PASSWORD_FILE (a file of mode 0600) and need no signin.",
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="the name of your account")
    parser.add_argument("--who", action="store_true", help="say who is signed in; status 1 where nobody is")
    add_password_option(parser)
    add_archive_option(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Sign in, or say who is."""
    from workstation.people import Gate, NotSignedIn
    from workstation.people.kept_session import keep_token

    gate = Gate(archive_folder(arguments))
    if not gate.is_set_up:
        if arguments.json:
            print_json({"set_up": False, "name": None, "full_name": None, "roles": []})
            return 0
        return complain("This archive has no accounts: nobody signs in, everybody may do everything.", 0)
    if arguments.who:
        from workstation.cli.admission import signed_in

        try:
            person = signed_in(gate)
        except NotSignedIn:
            person = None
    elif not arguments.name:
        raise Failure("Say who you are: sonofill signin NAME.", status=2)
    else:
        password = read_password(f"Password of {arguments.name}: ", from_input=arguments.password_stdin)
        person = gate.sign_in(arguments.name, password)
        keep_token(gate.root, gate.begin(person))
    if arguments.json:
        print_json(
            {
                "set_up": True,
                "name": person.name if person else None,
                "full_name": person.full_name if person else None,
                "roles": [str(role) for role in person.roles] if person else [],
            }
        )
    elif person is None:
        print("Nobody is signed in.")
    else:
        print(f"{person.full_name} is signed in ({', '.join(person.roles)}).")
    return 0 if person else 1
