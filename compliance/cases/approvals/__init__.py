"""Notas that wait for the approval of a supervisor, where the office wants it."""
