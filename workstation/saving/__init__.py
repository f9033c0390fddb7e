"""Saving at the window: the study in hand into the archive, and what an earlier session left.

study_in_hand   what Save does: whose it is, what must be asked before, and that nothing is stored half-read
left_over       what a crash, or closing without saving, left behind: offered at the next start
"""
