"""The report (TID 1500): labels and measurements as coded content, and back, also those of other makers.

write, content, shapes    making it           changes, versions    what became of a vessel; what a report replaces
read, foreign             reading ours, and what others wrote
"""
