"""A sample press: invented outlets of six countries, served on loopback, with the faults a real press has.

outlets/*.md   what the outlets publish, and what the author of each text expects the tracker to make of it
press.py       reads them            scripts.py  one script or spelling made from another
markup.py      an article as a page  listings.py feeds and sitemaps
site.py        what an outlet answers to a request, its faults included
server.py      the outlets on loopback addresses of their own, and a canary outside the allowed network
expectation.py what a night must find, written down; and the comparison, in words
"""
