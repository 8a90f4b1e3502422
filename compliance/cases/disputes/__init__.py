"""Objections, appeals and lawsuits against a nota: what is disputed, where it stands, how it ended."""
