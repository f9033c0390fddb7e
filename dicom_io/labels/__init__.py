"""A report's labels for programs that do not read reports.

segmentation      areas as a segmentation                labelled    what the three have in common
presentation      a colour softcopy presentation state   annotated_copy    labels burned into a copy of the picture
"""
