"""RSS, Atom and JSON feeds: bytes in, entries out."""
