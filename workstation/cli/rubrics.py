"""What the commands of auditors have in common: the rubric that is meant, and where reviews lie."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.cli.place import archive_folder
from workstation.cli.terminal import Failure

if TYPE_CHECKING:
    from audit import Rubric
    from audit.review import Pin


def add_rubric_option(parser: Any) -> None:
    """The option --rubric."""
    parser.add_argument(
        "--rubric", type=Path, metavar="FILE|squalus", help="a rubric of your own, or one of ours (default: course)"
    )


def rubric_of(arguments: argparse.Namespace) -> Rubric:
    """The rubric that was named, or the course's. Raises Failure."""
    from audit import RubricWrong, built_in_rubric, read_rubric
    from audit.rubric_files import BUILT_IN

    name = "course" if arguments.rubric is None else str(arguments.rubric)
    try:
        return built_in_rubric(name) if name in BUILT_IN else read_rubric(arguments.rubric)
    except RubricWrong as error:
        raise Failure(str(error)) from error
    except OSError as error:
        raise Failure(f"The rubric {arguments.rubric} cannot be read: {error.strerror}.") from error


def add_reviews_option(parser: Any) -> None:
    """The option --reviews."""
    parser.add_argument(
        "--reviews", type=Path, metavar="DIR", help="folder of the reviews (default: beside the archive, NAME-reviews)"
    )


def reviews_folder(arguments: argparse.Namespace) -> Path:
    """The folder of the reviews, absolute. Raises Failure where it is the archive of the records itself."""
    from workstation.studies.reviewing import shelf_folder

    records = archive_folder(arguments)
    folder: Path = (arguments.reviews or shelf_folder(records)).absolute()
    if folder == records:
        raise Failure("Reviews lie in a folder of their own, not among the records: name another one with --reviews.")
    return folder


def must_be_there(arguments: argparse.Namespace) -> None:
    """Raises Failure where --reviews names a folder that is not there: it is a slip, not 'nobody has signed yet'."""
    if arguments.reviews is not None and not arguments.reviews.is_dir():
        raise Failure(
            f"There is no folder {arguments.reviews}: leave --reviews away, or name the folder of the reviews."
        )


def pin_document(by: str, pin: Pin) -> dict[str, Any]:
    """A comment on a place as JSON has it; the frame counts from 0."""
    return {
        "by": by,
        "criterion": pin.criterion,
        "image": pin.image.image_uid,
        "frame": pin.image.frame,
        "column": pin.column,
        "row": pin.row,
        "comment": pin.comment,
    }
