"""Review in a spreadsheet: `exporting` writes one row an item, `importing` takes the verdicts back."""
