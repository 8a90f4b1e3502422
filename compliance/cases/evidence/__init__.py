"""Evidence about a case, its findings and its visits: what it may be about, and its page."""
