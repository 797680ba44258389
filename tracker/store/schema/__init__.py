"""All tables, each in the module of its owner; import a table from there. Importing the package loads all of them, since foreign keys
name tables of other modules.

`watching`: outlets and their sources; `crawl`: links, fetches, pages; `articles`: articles, mentions, stories; `pictures`: lead pictures of
articles; `revisions`: what became of their pages; `people`: what people decided and entered; `editions`: digests and their delivery;
`evidence`: what was sealed of items, and the root of each day; `operations`: runs, jobs, notifications; `access`: who may use the review
desk; `mailbox`: what came in by mail; `nets`: what
second nets listed; `nights`: sums of nights.

A change of a table needs a migration (`migrations/versions`) in the same commit: a test compares the two.
"""

from tracker.store.schema import (
    access,
    articles,
    crawl,
    editions,
    evidence,
    mailbox,
    nets,
    nights,
    operations,
    people,
    pictures,
    revisions,
    watching,
)

__all__ = [
    "access",
    "articles",
    "crawl",
    "editions",
    "evidence",
    "mailbox",
    "nets",
    "nights",
    "operations",
    "people",
    "pictures",
    "revisions",
    "watching",
]
