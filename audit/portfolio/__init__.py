"""A learner's portfolio: several encounters counted against what a course asks for (S32).

    requirement   the rows as data files, a provider's own beside ours
    counters      what an encounter counts for
    counting      the counts of several, and whose an encounter is

A count says how many there are, never how good they are; where the course names no number, the row's `needed` is a blank.
"""

from audit.portfolio.counters import COUNTERS, Entry
from audit.portfolio.counting import Counted, counted, learner_of
from audit.portfolio.requirement import Requirement, Row, course_requirement, read_requirement

__all__ = [
    "COUNTERS",
    "Counted",
    "Entry",
    "Requirement",
    "Row",
    "counted",
    "course_requirement",
    "learner_of",
    "read_requirement",
]
