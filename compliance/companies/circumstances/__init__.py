"""A company closed, went bankrupt or moved: since when, by what proof, and that it was a mistake."""
