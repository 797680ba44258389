"""What became of a page since it was read: unchanged, edited, gone, back. Deciding only; `pipeline/watching.py` does."""
