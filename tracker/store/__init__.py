"""All that is kept, in one SQLite file. Rows stay inside this package; records go in and come out.

Start with `schema` (every table, every column and who owns it) and `database` (opening, transactions). This module imports
nothing, so that worker processes can use `packing` without SQLAlchemy.
"""
