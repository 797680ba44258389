"""Work on several machines: `due` says what is to be done, `rounds` and `reading` do it, `worker` keeps them going.

All machines share one PostgreSQL database; pages travel through it. Nothing else is shared but what `tracker.toml` and `campaigns/` say.
"""
