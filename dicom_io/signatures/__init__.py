"""Digital signatures (PS3.15, Annex C): two for each object, which DCMTK's dcmsign verifies.

profiles    signing and checking        mac_stream    the bytes that are signed
"""
