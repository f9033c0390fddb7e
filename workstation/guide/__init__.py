"""The first steps, told in the window itself with the simulated probe: shown once, and again from the help (F1).

steps     which steps there are, and when each is done. No Qt
bar       one sentence above the page, with Next and Close
control   follows what is done at the window
"""
