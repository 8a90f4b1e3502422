"""How an office ends: on a day, with a successor that takes over its users, permits and open flags."""
