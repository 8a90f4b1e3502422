"""Packets of evidence: a case with its letters, photos and events in one zip."""
