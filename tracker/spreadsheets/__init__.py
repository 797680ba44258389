"""Reading and writing workbooks and CSV."""
