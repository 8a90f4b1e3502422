"""Admin pages about letters: who signs them, and what stands at their head."""
