"""Verdicts in a spreadsheet: written, filled in, read back."""
