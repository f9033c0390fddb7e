"""Stations and sites on the patient's own photographs: placed by a press or by keys, kept in the record, shown.

marking   what a press adds to the record, and a mark in words. No Qt
canvas    the photograph with its marks
view      the step of the encounter: which photograph, what is placed, the list of marks
"""
