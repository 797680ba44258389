"""A name as the press of the region respells it, by rule: `respellings("Schmidt")` knows Šmit and Shmit, `respellings("Vučić")` Vuçiq.

Serbian, Bosnian, Croatian, Montenegrin and Macedonian write foreign names as they are heard; Albanian does so at times and has its own
letters. The readings of a name are made from its letters by the rules of the languages it may come from (`readings`). They come likeliest
first and are bounded in number. Each reading is then put into the letters of the press that is read (`letters`). What counts of the result, and
in which forms, stands in `counting`.
"""

from tracker.matching.respelling.counting import counts_alone, inflects_respelt, is_doubtful, respellable, respelling_rule
from tracker.matching.respelling.respell import MAX_RESPELLINGS, Respelling, respellings, sounds

__all__ = [
    "MAX_RESPELLINGS",
    "Respelling",
    "counts_alone",
    "inflects_respelt",
    "is_doubtful",
    "respellable",
    "respelling_rule",
    "respellings",
    "sounds",
]
