"""A campaign file changed by people: what a change would find and lose, who changed what, and the way back."""
