"""Compare: the same station before, during and after, side by side and to the same millimetres, with what differs.

    columns    which images stand beside each other. No Qt
    picture    one picture at a given size of a millimetre, with its labels
    page       the station, its pictures, and the table of differences

Nothing is registered or warped: pictures are drawn side by side as they were taken.
"""
