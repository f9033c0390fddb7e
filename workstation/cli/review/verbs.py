"""What the verbs of `review` share: their options, and the work list that a file holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.cli.place import add_archive_option
from workstation.cli.rubrics import add_reviews_option, add_rubric_option
from workstation.cli.terminal import Failure

if TYPE_CHECKING:
    from audit.review import WorkList


def finish(verb: Any, run: Any, *, rubric: bool = False) -> None:
    """The options that every verb has."""
    if rubric:
        add_rubric_option(verb)
    add_reviews_option(verb)
    add_archive_option(verb)
    verb.add_argument("--json", action="store_true", help="one JSON document")
    verb.set_defaults(run=run)


def work_list(path: Path | None) -> WorkList | None:
    """The work list of a file; None where none is named. Raises Failure, ListWrong."""
    from audit.review import read_list

    if path is None:
        return None
    try:
        return read_list(path)
    except OSError as error:
        raise Failure(f"The work list {path} cannot be read: {error.strerror}.") from error
