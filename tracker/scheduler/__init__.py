"""Jobs at their times, each in a process of its own."""
