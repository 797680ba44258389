"""What we watch: the register of outlets, and readers of what outlets list. Pure: bytes and records in, records out."""
