"""What several machines share while they work: whose turn a domain is, who reads which page, rounds, workers. PostgreSQL only.

It stands in a schema of its own, `work`, together with the queue's own tables. Nothing in it is a finding: when its form changes it is
dropped and made anew. Moments are the server's, so that a worker whose clock is wrong does no harm.
"""
