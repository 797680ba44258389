"""Hosts that only send on: shorteners, and counters of newsletters. Their addresses say nothing of where they lead."""

from __future__ import annotations

from tracker.urls.canonical import registrable_domain

SHORTENERS = frozenset(
    "bit.ly t.co tinyurl.com fb.me ow.ly goo.gl buff.ly lnkd.in is.gd rb.gy cutt.ly dlvr.it ift.tt t.ly shorturl.at trib.al wp.me fb.watch ln.run s.id v.gd tiny.cc shorte.st "
    "list-manage.com mailchi.mp sendgrid.net mjt.lu rs6.net mlsend.com sendibt2.com sendibt3.com sendinblue.com brevo.com hubspotlinks.com hubspotemail.net mailerlite.com cmail19.com cmail20.com createsend1.com exacttarget.com "
    "awstrack.me mandrillapp.com getresponse.com acemlnb.com klclick.com klclick1.com mailgun.org customeriomail.com beehiiv.com substack.com".split()
)


def needs_resolving(url: str) -> bool:
    """Whether only its server knows where the address leads."""
    return registrable_domain(url) in SHORTENERS
