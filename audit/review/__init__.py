"""Review: persons judge what a program cannot, blind to each other, and leave what a second reader can repeat.

sampling, worklist   which records of a period are read, by whom, in which order, with hidden repeats
documents            what a reader signs (judgements, comments pinned to a place) and what the author answers
shelf                where both lie: structured reports in an archive of their own, never in the judged study
standing             who has signed, what they agree on, what a third reader settled
form                 a review as a text file, for who reads without the window
"""

from audit.review.documents import Answer, Mark, Opinion, Pin, Purpose, Review, Settling, same_person
from audit.review.errors import FormWrong, ListWrong, NotReviewable, SignedTwice
from audit.review.sampling import risks_of, sample
from audit.review.shelf import Shelf, StoredReview, Subject
from audit.review.standing import Standing, standing_of
from audit.review.worklist import Known, Listed, Method, Reading, WorkList, order_for, read_list, write_list

__all__ = [
    "Answer",
    "FormWrong",
    "Known",
    "ListWrong",
    "Listed",
    "Mark",
    "Method",
    "NotReviewable",
    "Opinion",
    "Pin",
    "Purpose",
    "Reading",
    "Review",
    "Settling",
    "Shelf",
    "SignedTwice",
    "Standing",
    "StoredReview",
    "Subject",
    "WorkList",
    "order_for",
    "read_list",
    "risks_of",
    "same_person",
    "sample",
    "standing_of",
    "write_list",
]
