"""Articles and the search index over their folded texts. One canonical address, one article."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, bindparam, func, select, update

from tracker.model import AllOf, AnyOf, AnyWord, Article, DateReading, DateSource, Depth, IndexQuery, Precision, Published, SkipReason
from tracker.store import appearance, backend, set_aside
from tracker.store.article_rows import Ready, ready_to_save
from tracker.store.batches import chunks
from tracker.store.mentions import look_again
from tracker.store.packing import unpack_text
from tracker.store.schema.articles import articles, mentions
from tracker.store.schema.columns import read_published, storable
from tracker.store.schema.crawl import links, pages

SAME_TEXT_WITHIN = timedelta(days=7)
"""An outlet prints a text again on purpose after weeks; its other addresses are listed within days."""

FIRST_FEW = 2000
"""More than a crawl has under way at a time, which it stores in another order than it fetched them."""


class _Known(NamedTuple):
    id: int
    page_id: int | None
    canonical_url: str
    depth: str
    text_key: str | None
    fetched_at: datetime


# statements of every transaction of a night are built once: building one costs more than the database takes for it
_BY = {
    name: select(*(articles.c[column] for column in _Known._fields)).where(articles.c[name].in_(bindparam("keys", expanding=True)))
    for name in ("page_id", "canonical_url", "text_key")
}
_HIGHEST_SEARCH_ID = select(func.coalesce(func.max(articles.c.search_id), 0))
_NEWEST_ID = select(func.coalesce(func.max(articles.c.id), 0))
_END: dict[str, Any] = {name: bindparam(f"new_{name}") for name in ("state", "skip_reason", "same_as", "judged_at")}
_JUDGE = update(pages).where(pages.c.id.in_(bindparam("ids", expanding=True))).values(**_END, skip_detail="")


def save(conn: Connection, rows: Sequence[tuple[Article, str, str]], now: datetime) -> list[int | None]:
    """Stores (article, folded title, folded body) and marks their pages as read. Returns the ids in order.

    An article whose canonical address is known gives None and its page ends as `same_page`. Except: an extracted text replaces a
    screened one of the same page or the same address, and takes its id; any page's takes the place of what was only listed. A text that the outlet had at another address within
    SAME_TEXT_WITHIN gives None too and its page ends as `same_text`: the first address stays. So does one that was screened before; its
    screened article stays as it is (`pages.repetitions` names its page). Nothing replaces an extracted text but an extracted
    text of the same page."""
    return save_ready(conn, ready_to_save(rows, now, backend.of(conn)), now)


def save_ready(conn: Connection, rows: Sequence[Ready], now: datetime) -> list[int | None]:
    """`save` of what `ready_to_save` made, perhaps before the transaction."""
    saved: list[int | None] = []
    for batch in chunks(rows, 250):
        saved += _Saving(conn, now, batch).save()
    return saved


class _Saving:
    """One batch on its way in: sorted into new, replacing and known, then written in few statements."""

    def __init__(self, conn: Connection, now: datetime, rows: Sequence[Ready]) -> None:
        self._conn, self._now, self._rows = conn, now, rows
        self._by_page: dict[int, _Known] = {}
        self._by_url: dict[str, _Known] = {}
        self._by_text: dict[str, list[_Known]] = {}
        self._new: dict[int, dict[str, Any]] = {}
        self._replaced: dict[int, dict[str, Any]] = {}
        self._search: dict[int, tuple[int, str]] = {}  # by article, as a later row of the batch may replace an earlier one
        self._judged: dict[int, tuple[str, SkipReason | None, str | None]] = {}
        self._read_at_last: list[int] = []

    def save(self) -> list[int | None]:
        self._load_known()
        self._next_search_id = self._conn.execute(_HIGHEST_SEARCH_ID).scalar_one() + 1
        self._next_id = backend.of(self._conn).next_ids(self._conn, articles, len(self._rows))
        ids = [self._place(row) for row in self._rows]
        self._write()
        return ids

    def _load_known(self) -> None:
        for name, statement in _BY.items():
            if keys := [row.values[name] for row in self._rows if row.values[name]]:
                for known in self._conn.execute(statement, {"keys": keys}).all():
                    self._remember(_Known(*known))
        self._earlier = set_aside.Earlier(self._conn, [row.article.page_id for row in self._rows if row.article.page_id])

    def _remember(self, known: _Known) -> None:
        if known.page_id:
            self._by_page[known.page_id] = known
        self._by_url[known.canonical_url] = known
        if known.text_key:
            self._by_text.setdefault(known.text_key, []).append(known)

    def _place(self, row: Ready) -> int | None:
        article, url, key = row.article, row.values["canonical_url"], row.values["text_key"]
        of_page, of_url = self._by_page.get(article.page_id), self._by_url.get(url)
        known = of_page or of_url
        if of_page is None and (same := self._earlier.same(article, of_url and of_url.id)) and (of_url is None or of_url.id == same):
            set_aside.take_address(self._conn, same, row.values)
            self._judge(article.page_id, "skipped", SkipReason.SAME_TEXT, url)
            return None
        if known is None and (twin := self._twin(article, key)):
            self._judge(article.page_id, "skipped", SkipReason.SAME_TEXT, twin.canonical_url)
            return None
        if known is None:
            article_id, self._next_id = self._next_id, self._next_id + 1
            self._new[article_id] = {"id": article_id, **row.values}
            self._remember(_Known(article_id, article.page_id or None, url, str(article.depth), key, article.fetched_at))
        elif known.depth == Depth.LISTED and article.page_id:
            article_id = known.id
            self._replace(known, row, keep_url=False)
            self._read_at_last.append(known.id)
        elif known.depth == Depth.SCREENED and (twin := self._twin(article, key)) and twin.id != known.id:
            self._judge(article.page_id, "skipped", SkipReason.SAME_TEXT, twin.canonical_url)
            return None
        elif article.depth is Depth.EXTRACTED and (of_page is not None or known.depth == Depth.SCREENED):
            article_id = known.id
            self._replace(known, row, keep_url=of_page is not None and of_url is not None and of_url.id != known.id)
        elif of_page is not None:
            self._judge(article.page_id, "article")
            return known.id
        else:
            self._judge(article.page_id, "skipped", SkipReason.SAME_PAGE, url)
            return None
        self._judge(article.page_id, "article")
        search_id, self._next_search_id = self._next_search_id, self._next_search_id + 1
        self._search[article_id] = (search_id, row.indexed)
        return article_id

    def _twin(self, article: Article, key: str | None) -> _Known | None:
        """The article with the same text at another address of the outlet, fetched within days of this one. What a person enters by hand
        has no page and is never a repetition."""
        if key is None or not article.page_id:
            return None
        near = (known for known in self._by_text.get(key, ()) if abs(known.fetched_at - article.fetched_at) <= SAME_TEXT_WITHIN)
        return min(near, key=lambda known: known.id, default=None)

    def _replace(self, known: _Known, row: Ready, *, keep_url: bool) -> None:
        article, values = row.article, {**row.values}
        values["page_id"] = article.page_id or known.page_id
        if keep_url:
            values["canonical_url"] = known.canonical_url
        if known.page_id and known.page_id != values["page_id"]:
            self._judge(known.page_id, "skipped", SkipReason.SAME_PAGE, values["canonical_url"])
        del self._by_url[known.canonical_url]
        self._remember(
            _Known(known.id, values["page_id"], values["canonical_url"], str(article.depth), values["text_key"], article.fetched_at)
        )
        (self._new if known.id in self._new else self._replaced)[known.id] = {"id": known.id, **values}

    def _judge(self, page_id: int, state: str, reason: SkipReason | None = None, same_as: str | None = None) -> None:
        if page_id:
            self._judged[page_id] = (state, reason, same_as)

    def _write(self) -> None:
        for article_id, values in (*self._new.items(), *self._replaced.items()):
            values["search_id"] = self._search[article_id][0]
        if self._replaced:
            renamed = [{**values, "of_article": values.pop("id")} for values in self._replaced.values()]
            self._conn.execute(update(articles).where(articles.c.id == bindparam("of_article")), renamed)
            appearance.follow(self._conn, self._replaced)
        if self._read_at_last:
            look_again(self._conn, min(self._read_at_last))
        if self._new:
            backend.of(self._conn).insert_rows(self._conn, articles, [*self._new.values()])
        backend.of(self._conn).add_indexed(self._conn, [*self._search.values()])
        self._write_pages()

    def _write_pages(self) -> None:
        """In one statement for all that ended alike: most became an article."""
        alike: dict[tuple[str, SkipReason | None, str | None], list[int]] = {}
        for page_id, end in self._judged.items():
            alike.setdefault(end, []).append(page_id)
        for (state, reason, same_as), ids in alike.items():
            why = {"new_skip_reason": reason and str(reason), "new_same_as": same_as}
            self._conn.execute(_JUDGE, {"ids": ids, "new_state": state, "new_judged_at": self._now, **why})


def get(conn: Connection, article_id: int) -> Article | None:
    """The article with this id, or None."""
    row = conn.execute(select(articles).where(articles.c.id == article_id)).first()
    return None if row is None else read_article(row)


def get_many(conn: Connection, article_ids: Collection[int]) -> list[Article]:
    """The articles with these ids, ordered by id; unknown ids are left out."""
    stored: list[Article] = []
    for batch in chunks(sorted(set(article_ids))):
        stored += [read_article(row) for row in conn.execute(select(articles).where(articles.c.id.in_(batch)).order_by(articles.c.id))]
    return stored


def of_pages(conn: Connection, page_ids: Collection[int]) -> list[Article]:
    """The articles that were read from these pages, ordered by id."""
    return [read_article(row) for row in conn.execute(select(articles).where(articles.c.page_id.in_([*page_ids])).order_by(articles.c.id))]


def at_addresses(conn: Connection, addresses: Collection[str]) -> dict[str, int]:
    """Which article each of the addresses leads to: a canonical or requested one, or the key of a link. Unknown ones are left out."""
    by_address: dict[str, int] = {}
    for batch in chunks([*map(storable, addresses)]):
        requested = select(articles.c.requested_url, articles.c.id).where(articles.c.requested_url.in_(batch))
        requested = requested.where(
            articles.c.requested_url != articles.c.canonical_url
        )  # the others are among `stored`; the index has these
        named = (
            select(links.c.key, articles.c.id).join(pages, pages.c.link_id == links.c.id).join(articles, articles.c.page_id == pages.c.id)
        )
        stored = select(articles.c.canonical_url, articles.c.id).where(articles.c.canonical_url.in_(batch))
        for statement in (requested, named.where(links.c.key.in_(batch)), stored):
            by_address |= {row[0]: row[1] for row in conn.execute(statement)}
    return by_address


def without_page(conn: Connection) -> list[Article]:
    """Articles that no crawl brought: entered by hand, in order of id."""
    return [read_article(row) for row in conn.execute(select(articles).where(articles.c.page_id.is_(None)).order_by(articles.c.id))]


def iterate(
    conn: Connection,
    *,
    campaign_id: str | None = None,
    outlet_ids: Collection[str] | None = None,
    depth: Depth | None = None,
    fetched_from: datetime | None = None,
    fetched_before: datetime | None = None,
    after_id: int = 0,
    batch: int = 200,
) -> Iterator[Article]:
    """Articles in order of id, a few at a time in memory; `campaign_id` leaves only those with a mention of that campaign."""
    statement = select(articles)
    if campaign_id is not None:
        statement = statement.where(articles.c.id.in_(select(mentions.c.article_id).where(mentions.c.campaign_id == campaign_id)))
    if outlet_ids is not None:
        statement = statement.where(articles.c.outlet_id.in_([*outlet_ids]))
    if depth is not None:
        statement = statement.where(articles.c.depth == str(depth))
    if fetched_from is not None:
        statement = statement.where(articles.c.fetched_at >= fetched_from)
    if fetched_before is not None:
        statement = statement.where(articles.c.fetched_at < fetched_before)
    yield from _paged(conn, statement, after_id, batch)


def _paged(conn: Connection, statement: Select[Any], after_id: int, batch: int) -> Iterator[Article]:
    while rows := conn.execute(statement.where(articles.c.id > after_id).order_by(articles.c.id).limit(batch)).all():
        yield from map(read_article, rows)
        after_id = rows[-1].id


def search(conn: Connection, wanted: IndexQuery | Sequence[str], *, limit: int | None = None, after_id: int = 0) -> list[int]:
    """Ids of articles that hold what is wanted (of a sequence: all words of any of the folded forms), in order of id. They are
    candidates: the matcher decides."""
    if isinstance(wanted, AnyWord | AllOf | AnyOf):
        return sorted(_Search(conn, after_id).ids(wanted))[:limit]
    expression = backend.of(conn).match_expression(wanted)
    return backend.of(conn).search(conn, expression, limit=limit, after_id=after_id) if expression else []


def search_each(conn: Connection, wanted: Sequence[IndexQuery], *, after_id: int = 0) -> list[list[int]]:
    """`search` for several questions; what they have in common is looked up once."""
    asked = _Search(conn, after_id)
    return [sorted(asked.ids(one)) for one in wanted]


def search_expression(conn: Connection, wanted: IndexQuery, stem: str = "") -> str:
    """What the index is asked for articles that hold what is wanted, or a word that begins as the stem does; empty: it holds none."""
    asked = backend.of(conn)
    return asked.any_expression([asked.index_expression(_begun_otherwise(wanted, stem)), asked.prefix_expression(stem)])


def _begun_otherwise(wanted: IndexQuery, stem: str) -> IndexQuery:
    """Without the words that begin as the stem does: it finds them too, and a frequent word's texts would be fetched once more."""
    if not stem or isinstance(wanted, AllOf):
        return wanted
    if isinstance(wanted, AnyWord):
        return AnyWord(tuple(word for word in wanted.words if not word.startswith(stem)))
    return AnyOf(tuple(_begun_otherwise(part, stem) for part in wanted.parts))


def all_expression(conn: Connection, expressions: Sequence[str]) -> str:
    """What the index is asked for articles that answer to every one of these questions; empty: none does."""
    return backend.of(conn).all_expression(expressions)


def any_holding(conn: Connection, expression: str) -> bool:
    """Whether an article answers to a question to the index."""
    return bool(expression) and backend.of(conn).any_found(conn, expression)


class _Search:
    """One question to the index, or several. A term that several clauses ask for is looked up once; what only they together hold is left out."""

    def __init__(self, conn: Connection, after_id: int) -> None:
        self._conn, self._after_id = conn, after_id
        self._found: dict[IndexQuery, frozenset[int]] = {}

    def ids(self, query: IndexQuery) -> frozenset[int]:
        if query not in self._found:
            self._found[query] = self._look_up(query) if _is_flat(query) else self._combine(query)
        return self._found[query]

    def _look_up(self, query: IndexQuery) -> frozenset[int]:
        expression = backend.of(self._conn).index_expression(query)
        return (
            frozenset(backend.of(self._conn).search(self._conn, expression, limit=None, after_id=self._after_id))
            if expression
            else frozenset()
        )

    def _combine(self, query: IndexQuery) -> frozenset[int]:
        assert not isinstance(query, AnyWord)
        if isinstance(query, AnyOf):
            return frozenset().union(*map(self.ids, query.parts))
        common: frozenset[int] | None = None
        for part in query.parts:
            common = self.ids(part) if common is None else common & self.ids(part)
            if not common:
                break
        return common or frozenset()


def _is_flat(query: IndexQuery) -> bool:
    """A term: one of its entries, all words of an entry, any form of a word."""
    if isinstance(query, AnyOf):
        return all(isinstance(part, AnyWord) or (isinstance(part, AllOf) and _is_flat(part)) for part in query.parts)
    return isinstance(query, AnyWord) or all(isinstance(part, AnyWord) for part in query.parts)


def first_fetched_at(conn: Connection) -> datetime | None:
    """When the first article was fetched; None without articles."""
    return conn.execute(select(func.min(articles.c.fetched_at))).scalar()


def count_fetched(conn: Connection, start_at: datetime, end_at: datetime) -> int:
    """How many articles were fetched in [start_at, end_at)."""
    inside = (articles.c.fetched_at >= start_at) & (articles.c.fetched_at < end_at)
    return conn.execute(select(func.count(articles.c.id)).where(inside)).scalar_one()


def first_id_since(conn: Connection, since: datetime) -> int:
    """An id that no article fetched since then is below; one above all there are where none was. Articles are stored nearly in the
    order in which they were fetched, so that the lowest of the first few is the lowest of all."""
    first = select(articles.c.id).where(articles.c.fetched_at >= since).order_by(articles.c.fetched_at).limit(FIRST_FEW).subquery()
    found = conn.execute(select(func.min(first.c.id))).scalar()
    return newest_id(conn) + 1 if found is None else int(found)


def newest_id(conn: Connection) -> int:
    """The highest id there is; 0 without articles."""
    return int(conn.execute(_NEWEST_ID).scalar_one())


def addresses(conn: Connection, outlet_id: str, *, limit: int) -> list[str]:
    """The addresses of an outlet's newest articles, as they were requested."""
    mine = select(articles.c.requested_url).where(articles.c.outlet_id == outlet_id)
    return list(conn.execute(mine.order_by(articles.c.id.desc()).limit(limit)).scalars())


def _read_iso(text: str) -> Published:
    at = datetime.fromisoformat(text)
    return Published(at.replace(tzinfo=UTC), Precision.DAY) if at.tzinfo is None else Published(at)


def read_article(row: Row[Any]) -> Article:
    """The record of a row that holds all columns of `articles`."""
    return Article(
        outlet_id=row.outlet_id,
        requested_url=row.requested_url,
        canonical_url=row.canonical_url,
        title=row.title,
        body=unpack_text(row.body),
        fetched_at=row.fetched_at,
        depth=Depth(row.depth),
        published=read_published(row.published_at, row.published_offset_seconds, row.published_precision),
        authors=row.authors,
        language=row.language,
        lead=row.lead,
        image=row.image,
        id=row.id,
        page_id=row.page_id or 0,
        date_readings=tuple(DateReading(DateSource(source), _read_iso(moment)) for source, moment in row.date_readings),
    )
