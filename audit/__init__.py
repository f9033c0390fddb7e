"""Audit: what a record shows, criterion by criterion, with the very image, value or time that shows it.

    rubric      criteria as data files, a clinic's own beside ours; `rubric_files` reads and checks them
    material    what is judged: the encounter, the labels of its reports and its pictures, all from DICOM files
    checks      what a program can check: presence, order of time, consistency; never whether it is right
    judging     one judgement for each criterion: verdict, evidence, what is missing, the reviewer's question
    trail       who took records away, as the standard's audit messages; `fleet` many records together
    review      what persons judge: work lists, readers blind to each other, settlement, answers of the author

The program's verdict is its own check of completeness. Whether the record is right is asked of a person, whose judgement
stands beside it. A finding that was only suggested counts for nothing: it is not in a report.
"""

from audit.errors import AuditError, RubricWrong
from audit.judging import Judgement, judge
from audit.material import Label, Material, PictureFile
from audit.rubric import Criterion, Rubric
from audit.rubric_files import built_in_rubric, course_rubric, read_rubric
from audit.verdict import Evidence, Part, State, Verdict

__all__ = [
    "AuditError",
    "Criterion",
    "Evidence",
    "Judgement",
    "Label",
    "Material",
    "Part",
    "PictureFile",
    "Rubric",
    "RubricWrong",
    "State",
    "Verdict",
    "built_in_rubric",
    "course_rubric",
    "judge",
    "read_rubric",
]
