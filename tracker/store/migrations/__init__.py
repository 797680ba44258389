"""The schema's history. One file a revision in `versions`; `upgrade` brings a database to the newest."""
