"""What can go wrong in this room."""


class AuditError(Exception):
    """The base; the message is one sentence for the user."""


class RubricWrong(AuditError):
    """A rubric file breaks a rule; the message names the file, the place in it and the rule."""
