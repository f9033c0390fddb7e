"""Judging: the reviewer's window. One record at a time: its pictures with labels, each criterion with its evidence.

    session   what a reader has said so far, and how long it took; no Qt
    loading   the next record of a work list, and signing; no Qt
    panel     the criteria, the evidence of the chosen one, the five judgements
    window    the window around panel and pictures
    control   joins them
    app       starts it (`sonofill review window`)

Nothing of what other readers found comes into this room: it is blind because it never asks for it.
"""
