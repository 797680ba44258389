"""The review desk: pages that ask the same functions as the commands do.

`app` builds it, `access` says who may open what, `context` is what every page works with, `pages/` holds a module a page.
A new page is a Blueprint in `pages/`, a template in `templates/review/` that extends `review/page.html`, its sentences in
`locale/review/`, and its row in `access.ACCESS`: without that row nobody can open it.
"""
