"""Jobs for workers: what they say, and how they come into the queue. Nothing here runs a job; `tracker.workers` does."""
