"""Notas that an office issued before it had Patuh, taken over from its lists."""
