"""Documents of a study: encapsulated PDFs, and the Key Object Selections that name its images.

encapsulated    a PDF with what it was made from        key_objects, selection    which images, and for what reason
"""
