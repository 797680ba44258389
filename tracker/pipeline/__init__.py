"""The order of the work. Read `steps` first."""
