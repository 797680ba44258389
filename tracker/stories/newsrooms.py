"""Names under which texts credit newsrooms: outlets of the register, agencies of the world, and sites given by their address.

A name is found in any script and inflected: each of its words may end as the rules of these languages let it end. An abbreviation must
stand in capitals."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from msgspec import Struct

from tracker.model import Outlet
from tracker.text.folding import fold

AGENCY = "agency"
"""The register's word for an outlet that sells its texts to others."""
LONGEST_ENDING = 3
"""Letters that an ending may have beyond a name's stem: Tanjug-ovom is written with a stem of its own in no list, -ovim has four but is
an adjective's."""
SHORTEST_STEM = 3
SHORTEST_INFLECTED = 5
"""Letters of a name that may be inflected where a text has it in capitals: longer ones there are other abbreviations (BIRN, Bir)."""
_WORLD_AGENCIES = {
    "tanjug": ("Tanjug", "Танјуг"),
    "fena": ("FENA", "Fena"),
    "srna": ("SRNA", "Srna"),
    "patria": ("NAP", "Patria"),
    "mina": ("MINA", "Mina", "MINA-business"),
    "mia": ("MIA", "МИА"),
    "makfax": ("Makfax", "Макфакс"),
    "beta": ("Beta", "BETA"),
    "fonet": ("FoNet", "Fonet"),
    "atsh": ("ATSH", "ATA", "Agjencia Telegrafike Shqiptare"),
    "kosovapress": ("KosovaPress", "Kosova Press"),
    "ekonomia-online": ("Ekonomia Online",),
    "ONASA": ("ONASA", "Onasa"),
    "HINA": ("HINA", "Hina"),
    "STA": ("STA",),
    "BTA": ("BTA", "БТА"),
    "Anadolu": ("AA", "Anadolu", "Anadolu Agency", "Anadolija", "Anadolia", "Agjencia Anadolu", "Anadolu Ajansı", "Анадолија"),
    "Reuters": ("Reuters", "Rojters", "Ројтерс"),
    "AFP": ("AFP", "Agence France-Presse", "Frans pres", "АФП"),
    "AP": ("Associated Press", "Asošiejted pres", "Asošijeted pres", "Асошиејтед прес", "АП"),
    "dpa": ("DPA", "dpa"),
    "ANSA": ("ANSA",),
    "TASS": ("TASS", "ТАСС"),
    "Xinhua": ("Xinhua", "Sinhua", "Синхуа"),
    "BIRN": ("BIRN", "Balkan Insight"),
    "Radio Free Europe": ("Radio Slobodna Evropa", "Radio Evropa e Lirë", "RSE", "REL", "RFE/RL", "Radio Free Europe", "Slobodna Evropa"),
    "Deutsche Welle": ("Deutsche Welle", "Deutsche Wellea", "Dojče vele", "Дојче веле", "DW"),
    "Voice of America": ("Glas Amerike", "Zëri i Amerikës", "Voice of America", "VOA", "Глас на Америка"),
    "BBC": ("BBC",),
    "CNN": ("CNN",),
    "Bloomberg": ("Bloomberg",),
}
"""Agencies and broadcasters whose texts are carried all over the region; the key is the register's id where it has them."""
_WORLD_BROADCASTERS = frozenset(("BIRN", "Radio Free Europe", "Deutsche Welle", "Voice of America", "BBC", "CNN", "Bloomberg"))
"""Those of the table that report on their own and are no agencies."""
_CUT = re.compile(r"\s*(?:[–—(/]|\s-\s)\s*")
_IS_SIGN = re.compile(r"[A-Z]+\d+")
_COUNTRY = re.compile("BiH|Srbija|Crna Gora|Kosova|Albania|Serbia|Macedonia")
_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")
_VOWELS = "aeiouy"
_NO_NAME = frozenset("portal news info online press lajme radio tv rtv agency agencija agjencia media".split())
"""What is part of many names and stands for none; an outlet called no more than this is credited by its address."""


class Word(Struct, frozen=True):
    """A word of a text: as printed, folded, and where it stands."""

    printed: str
    folded: str
    start: int
    end: int


class _Name(Struct, frozen=True):
    key: str
    words: tuple[str, ...]
    is_abbreviation: bool


def words_of(text: str) -> list[Word]:
    """The words of a text in order; an address such as `klix.ba`, with or without `www.`, and a name such as `KLIX-u` are one word each."""
    found = [*_WORD.finditer(text)]
    folded = fold("\n".join(match.group() for match in found)).split("\n") if found else []
    if len(folded) != len(found):
        folded = [fold(match.group()) for match in found]
    return [Word(match.group(), form.removeprefix("www."), match.start(), match.end()) for match, form in zip(found, folded, strict=True)]


class Newsrooms:
    """Who is known by which names. A text's own outlet is known by the id that stands with it."""

    def __init__(self, outlets: Iterable[Outlet] = ()) -> None:
        self._by_start: dict[str, list[_Name]] = defaultdict(list)
        self._keys: dict[str, str] = {}
        self._agencies = _WORLD_AGENCIES.keys() - _WORLD_BROADCASTERS
        self._shown = {key: names[0] for key, names in _WORLD_AGENCIES.items()}
        self._hosts: dict[str, str] = {}
        self._alike: dict[str, set[str]] = defaultdict(set)
        known = {outlet.id: outlet for outlet in outlets}
        self._registered = frozenset(known)
        for outlet in known.values():
            self._add_outlet(outlet)
        for key, names in _WORLD_AGENCIES.items():
            for name in names:
                self._add(key, name)
            self._keys.setdefault(fold(key), key)

    def add_by_address(self, outlet_id: str) -> None:
        """Makes an outlet known that no register names: by its id, which is a name, or an address such as `lajmi.net`."""
        if self.key_of(outlet_id) != outlet_id or not outlet_id.strip() or fold(outlet_id.strip()) in self._keys:
            return
        self._keys[fold(outlet_id.strip())] = outlet_id
        self._shown.setdefault(outlet_id, outlet_id)
        for name in {outlet_id, *_names_of_host(outlet_id.strip()), re.sub(r"[-_]+", " ", outlet_id)}:
            self._add(outlet_id, name)

    def key_of(self, outlet_id: str) -> str:
        """One key for an outlet, however it is given: by its id, its name or its address."""
        folded = fold(outlet_id.strip())
        host = folded.partition("//")[2].partition("/")[0] if "//" in folded else folded
        return self._keys.get(folded) or self._hosts.get(host.removeprefix("www.")) or outlet_id

    def may_be(self, credited: str, key: str) -> bool:
        """Whether who is credited may be this newsroom: several outlets have one name (N1, Koha, Kurir)."""
        return credited == key or key in self._alike.get(credited, ())

    def is_agency(self, key: str) -> bool:
        """Whether it is an agency: what it writes is made to be carried."""
        return key in self._agencies

    def shown(self, key: str) -> str:
        """Its name as readers know it."""
        return self._shown.get(key, key)

    def registered(self, key: str) -> str:
        """The key where it is an outlet's id in the register, else nothing."""
        return key if key in self._registered else ""

    def at(self, words: Sequence[Word], place: int) -> tuple[str, int] | None:
        """The newsroom named by the words from `place` on, and how many words its name takes: the longest name there is, of two the one
        that is not inflected (BIRN is no form of Bir)."""
        best, best_fit = None, (0, False)
        for name in self._by_start.get(words[place].folded[:3], ()):
            there = words[place : place + len(name.words)]
            fit = len(name.words), name.words == tuple(word.folded for word in there)
            if fit > best_fit and _matches(name, there):
                best, best_fit = (name.key, len(name.words)), fit
        return best

    def _add_outlet(self, outlet: Outlet) -> None:
        self._keys[fold(outlet.id)] = outlet.id
        self._shown[outlet.id] = _CUT.split(outlet.name)[0].strip() or outlet.name
        if outlet.kind == AGENCY:
            self._agencies.add(outlet.id)
        host = (urlsplit(outlet.homepage).hostname or "").removeprefix("www.")
        if host:
            self._hosts.setdefault(host, outlet.id)
        for name in {*_parts_of(outlet.name), host, *_names_of_host(host)}:
            self._add(outlet.id, name)
        for part in _parts_of(outlet.name):
            self._keys.setdefault(fold(part), outlet.id)

    def _add(self, key: str, name: str) -> None:
        words = words_of(name)
        if not words or (len(words) == 1 and (words[0].folded in _NO_NAME or len(words[0].folded) < 2)):
            return
        short = len(words) == 1 and words[0].printed.isupper() and len(words[0].printed) <= 5
        spelt = tuple(word.folded for word in words)
        for written in dict.fromkeys((spelt, tuple(map(_respelt, spelt)))):
            made = _Name(key, written, short)
            bucket = self._by_start[made.words[0][:3]]
            known = next((one.key for one in bucket if one.words == made.words), None)
            if known is None:
                bucket.append(made)
            elif known != key:
                self._alike[known].add(key)


def _respelt(word: str) -> str:
    """A name as languages without these letters write it: Klix is Klix and Kliks."""
    return word.replace("x", "ks").replace("w", "v").replace("q", "k")


def _parts_of(name: str) -> Iterator[str]:
    """A name, and what stands in it before and behind a dash, a slash or in brackets, where that is an abbreviation or a name too."""
    parts = [part.strip(" )") for part in _CUT.split(name) if part.strip(" )")]
    for place, part in enumerate(parts):
        if place == 0 or part.isupper() or "." in part or len(part.split()) > 1:
            yield part
            yield " ".join(word for word in part.split() if fold(word) not in _NO_NAME)
        first, _, rest = part.partition(" ")
        if place == 0 and rest and (_IS_SIGN.fullmatch(first) or _COUNTRY.fullmatch(rest)):
            yield first


def _names_of_host(host: str) -> Iterator[str]:
    """What people call a site: its address, and its address without the ending."""
    label, dot, ending = host.removeprefix("www.").rpartition(".")
    if dot and 2 <= len(ending) <= 6 and " " not in host and label:
        yield host.removeprefix("www.")
        yield label.rpartition(".")[2] if len(label.rpartition(".")[2]) > 3 else label


def _matches(name: _Name, words: Sequence[Word]) -> bool:
    if len(words) < len(name.words):
        return False
    if name.is_abbreviation:
        return _is_abbreviation(name.words[0], words[0])
    if not (words[0].printed[0].isupper() or "." in name.words[0] or words[0].printed[0].isdigit()):
        return False
    if len(name.words) == 1 and len(name.words[0]) < SHORTEST_INFLECTED and words[0].printed.isupper():
        return words[0].folded.partition("-")[0] == name.words[0]
    return all(_is_form(wanted, word.folded) for wanted, word in zip(name.words, words, strict=True))


def _is_abbreviation(wanted: str, word: Word) -> bool:
    """The letters in capitals, alone or with an ending behind a hyphen (FENA-e, ATSH-së); five letters may be a name (Fene, Srnu)."""
    letters, hyphen, _ = word.printed.partition("-")
    if (hyphen or word.folded == wanted) and fold(letters) == wanted and letters.isupper():
        return True
    return len(wanted) >= 4 and word.printed[0].isupper() and _is_form(wanted, word.folded)


def _is_form(wanted: str, folded: str) -> bool:
    if folded == wanted:
        return True
    stem = _stem(wanted)
    head, hyphen, ending = folded.partition("-")
    if hyphen and head == wanted and len(ending) <= 4:
        return True
    return len(stem) >= SHORTEST_STEM and folded.startswith(stem) and len(folded) - len(stem) <= LONGEST_ENDING and folded.isalpha()


def _stem(word: str) -> str:
    return word[:-1] if len(word) > SHORTEST_STEM and word[-1] in _VOWELS and word.isalpha() else word
