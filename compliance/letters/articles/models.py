"""The table of article texts: what an article says, from where, since when. No version is ever changed."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.core.db import Model
from compliance.letters.articles.rules import LONGEST_ARTICLE_SOURCE
from compliance.people.models import User


class ArticleText(Model):
    """One version of the text of an article: letters dated from `valid_from` on quote it.

    `legal_basis` is the name of the article as the catalogue cites it. A version without a text says that the
    article is no longer quoted.
    """

    __tablename__ = "article_texts"
    __table_args__ = (
        sa.UniqueConstraint("legal_basis", "version"),
        sa.CheckConstraint("(text IS NULL) = (source IS NULL)", name="text_has_source"),
        sa.CheckConstraint("(text IS NULL) = (read_on IS NULL)", name="text_was_read"),
        sa.Index("ix_article_texts_legal_basis_valid_from", "legal_basis", "valid_from", "version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    legal_basis: Mapped[str] = mapped_column(sa.String(500))
    version: Mapped[int]
    text: Mapped[str | None] = mapped_column(sa.Text)
    source: Mapped[str | None] = mapped_column(sa.String(LONGEST_ARTICLE_SOURCE))
    read_on: Mapped[date | None]
    valid_from: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    saved_at: Mapped[datetime]

    by: Mapped[User | None] = relationship()
