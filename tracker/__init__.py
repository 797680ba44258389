"""Press-coverage tracker for the Western Balkans.

    Source -> FetchedPage -> Article -> Mention -> Story -> Edition -> Delivery
             fetch          extract    match      group    compose    deliver
             (kept raw)     (or a      (with      (one     (frozen    (ledger, one row
                             reason)    evidence)  event)   edition)   per recipient)

Start reading at `tracker.pipeline.steps`; the order of a night is in `tracker.pipeline.nightly`.
"""

__version__ = "0.1.0"
