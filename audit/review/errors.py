"""What can go wrong with reviews; the messages are one sentence for the user."""

from __future__ import annotations

from audit.errors import AuditError


class SignedTwice(AuditError):
    """The reviewer has signed a review of this record already."""


class NotReviewable(AuditError):
    """A review that cannot be signed or shown: a criterion without a judgement, readers who are not done, an author's own."""


class ListWrong(AuditError):
    """A work list breaks a rule; the message names the file and the place."""


class FormWrong(AuditError):
    """A filled-in form breaks a rule; the message names the file and the place."""
