"""Digital signatures (PS3.15, Annex C): two for each object, which DCMTK's dcmsign verifies.

profiles    what each of the two covers     signing       putting them into an object
mac_stream  the bytes that are signed       checking      what the signatures of a file say
"""
