"""What stands between the spiders and the net."""
