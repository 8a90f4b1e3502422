"""Signed letters: their PDFs are verified, kept beside the letter made here, and shown for what they are."""
