"""Data sets, below what they mean: attributes read by hand and written by hand, and the edge to pydicom.

attributes      reading headers and report trees without pydicom; `values` are what their bytes say
plain_dataset   making data sets; `raw_items` are their bytes          timing    dates and times as texts
parse           opening with pydicom, which reads all else             tags      the attributes by keyword
"""
