"""Help inside: the keys of the window, by page.

table     which keys there are and what each does. No Qt
dialog    the table, shown by F1
"""
