"""Mail that no person wrote: answers of absent people, of challenge systems and of lists (RFC 3834, RFC 2919). Pure.

To such mail nothing is answered, and nothing in it counts as somebody's wish.
"""

from __future__ import annotations

import re

from tracker.mailbox.mail import Mail
from tracker.text.folding import fold

_SUBJECT = re.compile(
    # en
    r"out of (?:the )?office|auto(?:matic|mated)?[- :]?(?:repl|respon|answer)|automatic response|away from (?:the |my )?(?:office|desk|mail)|on (?:vacation|holiday|leave|annual leave|maternity)|vacation (?:reply|notice|response|message)|i am (?:away|out)|autoreply|autoresponder"
    # sq
    r"|jashte (?:zyres|zyre)|pergjigje automatike|nuk jam ne zyre|me pushime?|jam me pushim|mungoj nga zyra|mesazh automatik|jashte pune"
    # hr, bs, sr, cnr
    r"|automatski (?:odgovor|odg)|automatska (?:poruka|obavijest)|izvan ureda|izvan kancelarije|van kancelarije|nisam u (?:uredu|kancelariji)|odsut(?:an|na|nost)|na godisnjem|godisnji odmor|na odmoru|na bolovanju|na porodiljskom|na sluzbenom put"
    # mk
    r"|avtomatski odgovor|avtomatska poraka|nadvor od kancelarija|ne sum (?:vo|na) kancelarija|na odmor|otsuten|otsutna|na godisen odmor"
    # others whose offices write to everybody
    r"|abwesenheit|absence du bureau|reponse automatique|fuori sede|risposta automatica|respuesta automatica",
)
_CHALLENGE = re.compile(
    r"(?:confirm|verify) (?:your|that you|you are|the) ?(?:e-?mail|message|address|sent|a human|human|are|identity|delivery)|please (?:confirm|verify) (?:your|that)|requires? (?:verification|confirmation)|challenge|boxtrapper|spamarrest|sender verification|"
    r"click (?:here|on|the).{0,60}(?:deliver|release|verify|confirm)|to complete this verification|awaiting your (?:confirmation|verification)|message (?:is )?(?:held|waiting|pending).{0,60}(?:verif|confirm|approv)"
)


def why_automatic(mail: Mail) -> str:
    """Why no person wrote it: `answer`, `challenge` or `list`; empty where a person may have."""
    submitted = mail.header("auto-submitted").lower().partition(";")[0].strip()
    precedence = mail.header("precedence").lower().strip()
    subject, text = fold(mail.subject), fold(mail.text[:3000])
    if _CHALLENGE.search(subject) or (_CHALLENGE.search(text) and (submitted not in ("", "no") or precedence)):
        return "challenge"
    if any(
        mail.header(name) for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-mail-autoreply", "x-vacation")
    ):
        return "answer"
    if mail.header("list-id") or (precedence in ("list", "bulk", "junk") and mail.header("list-unsubscribe")):
        return "list"
    if submitted not in ("", "no") or precedence in ("auto_reply", "auto-reply", "bulk", "junk", "list"):
        return "answer"
    return "answer" if _SUBJECT.search(subject) else ""
