"""What can go wrong with an encounter's data. Each message is one sentence for the user.

    ProcedureError
    ├── FieldWrong          a value is not of the sort that its field holds
    ├── RecordUnreadable    a text is not an encounter that this program wrote
    ├── ProtocolWrong       a protocol file breaks a rule
    ├── NotGs1              a scanned text is no GS1 code
    └── StepNotPossible     a record cannot go from its state to that one

Nothing here is raised for a value that is merely unlikely or missing: those are questions (`procedure.questions`), and a
question never stands in the way of a treatment (clinical reference, X8).
"""

from __future__ import annotations


class ProcedureError(Exception):
    """The base of this room's errors."""


class FieldWrong(ProcedureError):
    """A value is not of the sort that its field holds; the message names record and field, never the value."""


class RecordUnreadable(ProcedureError):
    """A text is not an encounter that this program wrote; the message says where it fails."""


class ProtocolWrong(ProcedureError):
    """A protocol file breaks a rule; the message names file, place and rule."""


class NotGs1(ProcedureError):
    """A scanned text is no GS1 code; the message says where it breaks off."""


class StepNotPossible(ProcedureError):
    """A record cannot go from its state to another one; the message says what has to be done first."""
