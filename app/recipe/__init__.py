"""What a client may ask for: the recipe of a session, the changes of it, and what it is in terms of the engine."""
