"""Who signs letters for an inspectorate, from which day to which."""
