"""What we watch: the outlet register, its files and checks."""
