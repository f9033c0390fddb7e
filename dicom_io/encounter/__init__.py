"""The whole encounter as an Enhanced SR of coded content, and back.

record, content    the document and its tree        told    what was told of a visit, checked before it is recorded
typed              the same tree for records about objects of another study: a review, an author's answer
"""
