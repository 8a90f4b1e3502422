"""The verbs of letters: draft, approve, number, sign, serve, replace, withdraw."""
