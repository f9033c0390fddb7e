"""Proof that a record was not changed, for others: the workplace's signing key and the checkpoints that it signed.

The archive makes proofs and knows no key; the key lies in the configuration folder, outside every archive.
"""

from workstation.proof.kept import keep_checkpoint, kept_checkpoint, sign_now
from workstation.proof.keys import KeyUnusable, public_keys, signing_key

__all__ = ["KeyUnusable", "keep_checkpoint", "kept_checkpoint", "public_keys", "sign_now", "signing_key"]
