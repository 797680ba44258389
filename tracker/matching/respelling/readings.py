"""How the letters of a language are read, written as Serbian writes sounds: the rules of transcription of the region's press.

The rules follow the orthographies of the region (Pravopis srpskoga jezika, chapter on foreign names, and the practice of news
agencies); where practice differs from the rule, the usual form is the first choice. `w` stays until `letters` writes it: v to Slavs, v or
u to Albanians.
"""

from __future__ import annotations

import re

from tracker.matching.respelling.transducer import Rules, rules

ALBANIAN = rules("""
    sh>š zh>ž xh>dž gj>đ nj>nj dh>d th>t ll>l rr>r l(?=[ij])>l/lj ie>ie ç>č q(?!u)>ć/č x>dz y>i/u
    ë(?=r[^aeiouyë])>-/e ë$>-/a/e ë>e/- w>w
""")

GERMAN = rules("""
    ^st>št ^sp>šp/sp schw>šv sch>š tsch>č tzsch>č chs>ks ck>k ch>h/k dt$>t dt>t tz>c ss>s ß>s zz>c z>c/z th>t ph>f qu>kv x>ks
    äu>oj eu>oj/eu ei(?=er)>aj/a ei>aj ey>aj ai>aj ay>aj ie>i aa>a ee>e oo>o ae>e oe>e ue>i/u ä>e ö>e ü>i y>i
    (?<=[aeiouäöü])h(?=[lmnr]|$)>- hl>l (?<=s)t(?=z)>- el$>el/l (?<=[aeou])w$>v w>w ^v>f/v v>f/v j>j c(?=[eiy])>c c>k
    (?<=[^aeiou])d$>d/t (?<=a)(?=ier$)>j (?<=e)ier>ajer ier$>ir/ijer
""")

ENGLISH = rules("""
    ^michael>majkl/mihael ^micro>majkro/mikro ^wha>wo/wa you>ju
    e(?=(?:book|land|house|head|field|ford|wood|worth|more|stone|man|town|well)s?$)>-
    a(?=[cdkmnlpstvz]e(?:book|land|house|head|field|ford|wood|worth|more|stone|man|town|well)s?$)>ej
    i(?=[cdkmnlpstvz]e(?:book|land|house|head|field|ford|wood|worth|more|stone|man|town|well)s?$)>aj
    ^e(?=[bdlv][aeiou][nrs]$)>e/i ^mac(?=[bdfgklmnp])>mek/mak ^mc(?=k)>me/ma ^mc(?=c)>me/ma ^mc>mek/mak ^wr>r ^kn>n ^wh>w ^pf>f ^x>z (?<=[aeiou])h(?=[lmnr])>-
    ckh>k tch>č sch(?=[aeioumnlr])>š/sk sch>š sh>š ch(?=[rl])>k ch>č/k/š ph>f th>t/d ck>k cqu>k qu>kv dge>dž dg>dž cc(?=[ei])>ks x>ks
    ight>ajt igh>aj ough>o aught>ot gh(?=t)>- gh>g/- tion>šen ssion>šen
    (?<=[aeo])lk>k/lk sc(?=[eiy])>s c(?=[eiy])>s/c c>k g(?=e$)>dž g(?=[eiy])>dž/g j>dž
    oo>u ee>i ea(?=[dt]h)>e/i ea(?=u)>- ea$>i/ea ea>i/e/ej eau>o ie(?=[lf])>i ie$>i ey$>i/ej ey>ej ay>ej ai>ej/e oy>oj oi>oj
    ou(?=[gs]h)>o ou>au/u ow(?=e)>au ow$>o/au ow>au/o oa>o au>o/au aw>o eu>ju/eu/oj ew>ju/u ei(?=[lr]$)>i/aj ei>aj/ej/i ue$>u oe$>o ia>ija/ia io>io/ijo
    eo(?=rg)>o ^y(?=[aeou])>j (?<=[aeou])y(?=[aeou])>j y$>i y(?=[^aeiou]e)>aj y>i/aj
    a(?=(?:[bcdfghjklmnpqrstvwxz]|st|th|ch)es?$)>ej/a a(?=[bcdfgklmnpstvz]er)>ej/a a(?=[bcdfgklmnpstvz]on$)>ej/a a(?=[bcdfgklmnpstvz]i)>a/ej
    a(?=l[bdklt])>o/a a(?=r)>a a(?=nce$)>e/a a(?=sh)>e/a a(?=[^aeiouy]+$)>a/e a>a/e/ej
    i(?=[bcdfghjklmnpqrstvwxz]e[nrsl]?$)>aj/i i(?=nd$|ld$|gn$)>aj/i i(?=nd|ld)>i/aj i>i
    ur(?=[^aeiou])>er/ur/ar ir(?=[^aeiou])>er/ir u(?=sh)>u/a u(?=ll)>a/u u(?=[bcdfghjklmnpqrstvwxz]e$)>ju/u u(?=[bcdfghjklmnpqrstvwxz]$)>a/u u(?=[bcdfghjklmnpqrstvwxz][aeiou])>u/ju/a u(?=[bcdfghjklmnpqrstvwxz]{2,3}(?:e[rn]|e?y|i?n|o[nr])?s?$)>a/u u>u/a
    o(?=[bcdfghjklmnpqrstvwxz]e$)>o/u o>o
    (?<=[bcdfghkptz])les$>ls/les (?<=[bcdfghkptz])le$>l (?<=bb)e$>e/- (?<=ll)e$>e/- (?<=nn)e$>e/- (?<=tt)e$>e/- (?<=ss)e$>e/- (?<=[^aeiou])e$>-/e es$>s/es ed$>d/ed e>e (?<=[^aeiou])er$>er (?<=o)r(?=ld)>r
    s(?=[bdm]|ney)>s/z (?<=[aeiou])s(?=[aeiou])>s/z ts>ts/c w>w
""")

FRENCH = rules("""
    eaux>o eaux?$>o eau>o aux$>o au>o oux$>u ou>u oi>oa/ua ai[nm](?![aeiou])>en ein>en ain>en ai>e ei>e eu(?=x$)>e eu>e/u œu>e
    ch>š/k ph>f th>t cques?$>k cqu>k ques?$>k qu>k ge(?=[aou])>ž gu(?=[ei])>g gn>nj g(?=[eiyéèê])>ž j>ž ç>s c(?=[eiyéèê])>s c>k
    ille$>ij/il ll>l ss>s (?<=[aeiouy])s(?=[aeiouyé])>z/s ^h>h/- h>- x$>- z$>- ier$>ije
    (?<=[aeiou])nd$>n/nd (?<=[aeiour])[td]$>-/t (?<=[aeiou])ld$>ld (?<=[aeio])n(?=t)>n (?<=[^aeiouy])es?$>-/e (?<=[aeiou])s$>-/s
    ée$>e é>e è>e ê>e â>a à>a ô>o û>i ù>u î>i ï>i ü>i u>u/i y(?=[aeiou])>j y>i w>w
    ^e>e en(?=[td])>an/en em(?=[bp])>am/em er$>er/e
""")

SPANISH = rules("""
    ch>č ll>lj/j ñ>nj qu(?=[ei])>k qu>kv gu(?=[ei])>g gu(?=a)>gv j>h g(?=[eiéí])>h/g z>s/c c(?=[eiéí])>s/c c>k h>-/h v>v x>ks
    á>a é>e í>i ó>o ú>u ü>u y$>j y>j/i s$>s/š ão>ao ou>u/ou ç>s lh>lj nh>nj
""")

PORTUGUESE = rules("""
    j>ž ch>š lh>lj nh>nj ç>s c(?=[eiyéêí])>s c>k qu(?=[ei])>k qu>kv gu(?=[ei])>g g(?=[ei])>ž ss>s rr>r (?<=[aeiouáéíóú])s(?=[aeiouáéíóú])>z/s
    ão>ao õ>o á>a â>a à>a é>e ê>e í>i ó>o ô>o ú>u y>i h>- z$>s/z w>v
""")

ITALIAN = rules("""
    ggi(?=[aou])>đ/dž gi(?=[aou])>đ/dž gg(?=[ei])>đ/dž g(?=[ei])>đ/dž gli>lji gn>nj gh>g ch>k cch>k cci(?=[aou])>č ci(?=[aou])>č
    cc(?=[ei])>č sci(?=[aou])>š sc(?=[ei])>š c(?=[ei])>č zz>c z>c/dz qu>kv c>k h>- à>a è>e é>e ì>i ò>o ù>u x>ks y>i j>j w>w
""")

DUTCH = rules("""
    ij>aj ei>aj/ej eu>e oe>u ui>oj ou>au aa>a ee>e oo>o uu>i sch>sh ch>h ck>k c(?=[ei])>s c>k x>ks y>i ^v>v v>v w>v/w j>j z>z dt$>t th>t ø>e
    å>o/a æ>e
""")

SLAVIC_IN_LATIN = rules("""
    shch>šč szcz>šč tskh>ch kh>h zh>ž ch>č sh>š ts>c tz>c cz>č sz>š rz>ž/rž ck(?=i)>ck dž>dž dz>dz yu>ju ya>ja ye>je yo>jo ^ye>je
    yy$>i/ij iy$>i/ij yi$>i yj$>i/ij ij$>i/ij (?<=[^aeiou])y$>i/ij y(?=[aeiou])>j (?<=[aeou])y>j y>i ie>ie/je w>v ł>l ń>nj/n ś>š/s ź>ž/z ż>ž
    ą>on/om ę>en/em ó>u/o ć>ć ř>rž/ž ě>e/je ů>u ň>nj/n ť>ć/t ď>đ/d ľ>lj/l ĺ>l ŕ>r á>a é>e í>i ú>u ý>i ô>o ä>e
    (?<=[aiou])e(?=v$)>e/je l(?=y)>lj/l l(?=[nct])>l/lj ou$>u ou>u oi>oj ei>ej ai>aj oo>o ee>e x>ks th>t ph>f qu>kv c(?=h)>-
""")

HUNGARIAN = rules("""
    dzs>dž cs>č sz>s zs>ž gy>đ ty>ć ny>nj ly>j/lj ssz>s ccs>č ggy>đ ch>h/č s>š/s á>a é>e í>i ó>o ö>e ő>e ú>u ü>i ű>i y$>i y>i w>v x>ks
    c(?=[aou])>k c>c th>t
""")

TURKISH = rules("""
    ş>š ç>č c(?=[eiaouı])>dž (?<=o)ğ(?=l)>g/- ğ>g/-/j ı>i ö>o/e ü>u/i â>a î>i y>j w>v ș>š ț>c ţ>c ă>a î>i
    (?<=u)s(?=oglu$)>š/s c>č/dž
""")

SLAVIC_BARE = rules("""
    ic$>ić c(?=ic$)>č dj>đ sh>š
""")
"""Names of the region typed without diacritics (Vucic, Djokovic)."""

PLAIN = rules("""
    x>ks w>w q>k ck>k cc>k c(?=[eiy])>c c>k ph>f th>t y(?=[aeou])>j (?<=[aeou])y>j y>i
""")
"""What is read letter by letter: acronyms and brands (EULEX, Netflix)."""

_C = "[bcdfghjklmnpqrstvwxz]"
_ENGLISH_SIGNS = (
    rf"oo|ee|ea|sh|th|ck|wh|ow|aw|ew|igh|ough|[aoe]ugh|au|ou|oa|ai|ay|wa|pf|tion|^mc|^mac[bdfgklmnp]|^j|^wr|^kn|x|dge|y$|oe$|ce$|ge$|ll$|son$|ton$|ford|field|wood"
    rf"|{_C}les?$|ch|cc|^w|^geo|^micro|^you|[aiou]{_C}e[nrsl]?s?$|u{_C}{{1,3}}$|u{_C}{{2}}e[rn]|ur{_C}|ull|a[vds]i[dns]$|a[sc]on$|eu|ei[lr]$|ald$|^e[bdlv][aeiou][nrs]$"
)
_ALIEN_TO_ENGLISH = r"[aeo]j$|(?<!e)a$|[iu]$|ij|[^s]cz|sz|rz|(?<!c)kh"

FOREIGN: tuple[tuple[str, Rules, int, re.Pattern[str], re.Pattern[str] | None], ...] = (
    ("Albanian", ALBANIAN, 3, re.compile(r"sh|zh|xh|gj|dh|th|ll|rr|q|y|x|[aei]j$|ie|ia|l[iu]\w*i$"), re.compile("w|ck|sch|[aeiou]h|oo|ee")),
    ("English", ENGLISH, 8, re.compile(_ENGLISH_SIGNS), re.compile(_ALIEN_TO_ENGLISH)),
    (
        "German",
        GERMAN,
        3,
        re.compile(r"sch|tz|ei|ai|eu|au|ie|ck|dt$|^st|^sp|pf|mann$|berg|burg|stein|chs?$|ch[aou]|w|^v|[aeiou]h|z|ey|ff$|nn$|ss|th"),
        re.compile(r"sh|zh|kh|[^aeiou]y$|j$|[^s]cz|sz|rz."),
    ),
    (
        "Slavic",
        SLAVIC_IN_LATIN,
        3,
        re.compile(r"kh|zh|sh|ch|ts|tz|[iyj]?y$|y[aeou]|sz|cz|rz|w|[sc]k[iy]$|ck?i$|[oe]v$|[ioaey]s$|ou|enko$|uk$|oi|ij$"),
        re.compile(r"sch|oo|ee|ght|ck[^i]|gh|ey$|qu|rz$"),
    ),
    (
        "French",
        FRENCH,
        3,
        re.compile(r"eau|ou|oi|eu|ch|qu|aux|ie[rz]?|[^aeiou]e$|gn|ai|ault|elle|y$|on$|in$|g[ei]|h|and|end|[td]$"),
        re.compile(r"sch|sh|zh|kh|tz|ck|w|th|oo|ee|j$|gh|[bdgklmnpt]s$|[ai]j"),
    ),
    (
        "Spanish",
        SPANISH,
        3,
        re.compile(r"[eai]z$|[oeá]s$|ll|gu[eia]|qu[ei]|j[aeo]|g[ei]|nho|lho|ch|oy$|z[aou]"),
        re.compile(r"sh|sch|ck|w|th|k|ee|oo|tz|[aeiou]j$|x"),
    ),
    ("Portuguese", PORTUGUESE, 2, re.compile(r"^jo[ãrs]|nho|lho|ão|eir[oa]$|[aeo]ss?o$"), re.compile(r"sh|sch|ck|w|th|k|ee|oo|tz|ff|nn|y")),
    ("Italian", ITALIAN, 2, re.compile(r"[aeio]$"), re.compile(r"sh|k|w|th|sch|ck|x|y|j|q(?!u)|ts|tz|kh|zh")),
    ("Dutch", DUTCH, 2, re.compile(r"ij|oe|aa|uu|ui|ee|ø|ei"), re.compile(r"sh|th|y$|sch$|zh|kh|[aeo]j")),
    ("Hungarian", HUNGARIAN, 2, re.compile(r"sz|gy|cs|zs|ly|ny|gh?y$"), re.compile(r"w|th|sh|sch|ck|ey$|kh|zh|ny$")),
    ("Turkish", TURKISH, 2, re.compile("oglu$"), None),
    ("as written", PLAIN, 1, re.compile(""), None),
)
"""Languages a name typed in plain Latin letters may come from: how many of its readings are tried, as many as its spelling leaves open;
letters that are a sign of the language, one of which it must have; and letters that it never has."""
