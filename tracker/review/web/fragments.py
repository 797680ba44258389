"""Parts of pages that are long, seldom change and stand on every page of a kind: rendered once, by what they show."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template
from markupsafe import Markup

from tracker.model import Outlet
from tracker.review.web.remembered import remembered


def outlet_options(outlets: Sequence[Outlet], *, with_country: bool = False) -> Markup:
    """The options of a list of outlets, none of them chosen: the page puts the chosen one before them."""
    shown = tuple((outlet.id, outlet.name, outlet.country) for outlet in outlets)

    def made() -> Markup:
        # the template escapes what outlets are called; what it makes is markup
        return Markup(render_template("review/outlet_options.html", outlets=outlets, with_country=with_country))  # noqa: S704

    return remembered().value(("outlet options", with_country, shown), made)
