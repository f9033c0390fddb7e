"""Packs for auditors."""
