"""Spreadsheets that people send back: XLSX or CSV -> rows by heading. `reading.read_sheet` is the way in."""
