"""Compare: the same station before, during and after, side by side and to the same millimetres, with what differs.

    columns    which images stand beside each other. No Qt
    picture    one picture at a given size of a millimetre, with its labels
    page       the station, its pictures, and the table of differences

Pictures are drawn side by side as they were taken. Asked for, a later one is drawn shifted and turned so that it lies on the
one before the procedure (`imaging.registration`), marked as registered, with how good that is; where it is not good it stays
as it was taken, and why is said. Nothing is warped, and nothing is measured on a picture that was laid over another.
"""
