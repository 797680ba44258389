"""One mailbox, four jobs: letters that came back, sign-offs, links that partners missed, newsletters of outlets.

Read `reading.py` first. `triage.py` decides what a mail is; `imap.py` alone speaks to the server. Everything that comes in is hostile.
"""
