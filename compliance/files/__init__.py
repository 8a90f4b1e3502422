"""Stored files: bytes under their SHA-256, kept once and never changed, and what kind of file they are."""
