"""What an auditor takes away: a folder that needs neither a server, nor a network, nor any of our programs.

index.html      the portfolio, the criteria with their evidence, integrity, pictures and clips with their labels, the record
media/          the frames, as they are stored (JPEG) or decoded (PNG)
record.pdf      the record, printed
dicom/          the DICOM objects, byte for byte
proofs/         one text an object: that it is in the ledger of checkpoint.txt
public-key.txt, SHA256SUMS (signed), verify.py (the stand-alone verifier)
"""

from workstation.proof.pack.copies import Copies, deidentified_copies
from workstation.proof.pack.making import Packed, make_pack

__all__ = ["Copies", "Packed", "deidentified_copies", "make_pack"]
