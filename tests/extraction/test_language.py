from __future__ import annotations

import pytest

from tracker.extraction.language import detect

CASES = [
    ("Bashkia hapi kanalin e ri që lidh dy brigjet e lumit", ("sq",), "sq"),
    ("Bashkia hapi kanalin e ri që lidh dy brigjet e lumit", (), "sq"),
    ("Kampanje per sigurine e femijeve ne internet", ("sq", "en"), "sq"),
    ("Grad je otvorio novi kanal koji spaja dvije obale rijeke", ("bs",), "bs"),
    ("Grad je otvorio novi kanal koji spaja dvije obale rijeke", ("hr",), "hr"),
    ("Tko je otvorio kanal idući tjedan, pitaju u Zagrebu", ("sr", "hr", "bs"), "hr"),
    ("Opština je ove nedelje otvorila kanal, rekao je predsednik", ("hr", "sr", "bs"), "sr"),
    ("Општина је отворила нови канал који спаја две обале реке", ("sr",), "sr"),
    ("Општина је отворила нови канал који спаја две обале реке", ("mk", "sr"), "sr"),
    ("Општината го отвори новиот канал што ги поврзува двата брега", ("mk",), "mk"),
    ("Општината го отвори новиот канал што ги поврзува двата брега", ("sq", "mk"), "mk"),
    ("Нијесам рекао да ће то бити сјутра у Подгорици", ("cnr", "sr"), "cnr"),
    ("Nijesam rekao da će to biti sjutra u Podgorici", ("cnr", "sr"), "cnr"),
    ("The city opened a new canal that links the two banks of the river", ("sq",), "en"),
    ("The city opened a new canal that links the two banks of the river", ("sr", "mk"), "en"),
    ("Mesto je odprlo nov kanal, ki povezuje oba bregova reke", (), "sl"),
    ("Die Stadt hat einen neuen Kanal gebaut, der beide Ufer verbindet", ("de",), "de"),
    ("12:30 - 14.3.2026", ("sq",), ""),
    ("", (), ""),
]


@pytest.mark.parametrize(("text", "prior", "expected"), CASES)
def test_the_language_follows_the_text_and_then_the_outlet(text: str, prior: tuple[str, ...], expected: str) -> None:
    assert detect(text, prior) == expected
