"""What people do with what was found."""
