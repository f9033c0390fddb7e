"""The encounter at the window: what was told, scanned, planned and done, kept as it happens and saved with the study.

    in_hand       the record in hand, its log of changes, what of it is stored already. No Qt
    saving        study and record into the archive. No Qt
    scanning      the stations of the protocol: which is next, what was captured and seen there. No Qt
    station_bar   the station guide below the live picture; `scan_control` is what it does
    sections      the steps of the page: which part of the record each fills, what is blank in it. No Qt
    forms/        a form for any kind of record, made from the record itself
    read_off/     velocities for a vessel, frames with the tip for an injection, off a capture; a person takes them over
    page          steps, entries, form, blanks; `control` is what it does
    event_view    a suspected complication: clock, pathway, timeline; `event_control` is what it does
    map_view      the face map: a station chosen, its images of every phase; `face_map` is the map itself
    plan_on_map   a plan drawn on the map by hand; `map_drawing` is what a press does to the record. No Qt in the latter
    on_photograph/  stations and sites on the patient's own photographs
    views         what else stands among the steps: the log of changes
    joining       all of it, joined with the window

A view holds no rules: what is blank, asked, or comes next is said by `procedure`.
"""
