"""Text as people write it: folding, character sets, dates."""
