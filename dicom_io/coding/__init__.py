"""Codes: what anatomy, findings and the encounter are called in SNOMED CT, DCM, UCUM or a scheme of our own.

codes        the one table of concepts               findings    what a label of the report is
encounter    the encounter's concepts                anatomy     regions, sides and views of an image
words        names and texts as the standard's fields take them
"""
