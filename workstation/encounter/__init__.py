"""The encounter at the window: what was told, scanned, planned and done, kept as it happens and saved with the study.

in_hand       the record in hand, its log of changes, what of it is stored already. No Qt
scanning      the stations of the protocol: which is next, what was captured and seen there. No Qt
station_bar   the station guide below the live picture
"""
