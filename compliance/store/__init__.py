"""Moving the store, backing it up and restoring it."""
