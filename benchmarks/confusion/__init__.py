"""Records made right and wrong on purpose, and what the audit says of them: the confusion table of the course's rubric.

    told        a record as it is told before it is made into files, and how one part of it is changed
    mistakes    each common mistake of the course, with the criteria that it leaves lacking, by their wording
    variants    what looks like a mistake and is none
    made        the record as DICOM files, by the product's own writers
    drawing     which mistakes come together in which record
    campaign    the records, their verdicts, the table: `python -m benchmarks.confusion`

What is true of a record is known from what was put into it, by the wording of the criteria. None of it is taken from the
rules that are tried.
"""
