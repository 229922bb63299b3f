"""The PostgreSQL of the tests itself."""

from __future__ import annotations

import psycopg
import pytest

from tests.servers.postgres import Postgres


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)


@pytest.mark.servers
def test_databases_are_copies_of_a_template_and_apart(postgres: Postgres) -> None:
    filled = []

    def fill(url: str) -> None:
        filled.append(url)
        with connect(url) as connection:
            connection.execute("CREATE TABLE t AS SELECT 7 AS n")

    urls = [postgres.fresh(postgres.template("tests_of_templates", fill)) for _ in range(2)]
    assert len(filled) == 1
    with connect(urls[0]) as one, connect(urls[1]) as two:
        one.execute("UPDATE t SET n = 8")
        assert two.execute("SELECT n FROM t").fetchone() == (7,)
    for url in urls:
        postgres.drop(url)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        connect(urls[0])


@pytest.mark.servers
def test_a_module_has_a_database_of_its_own(postgres_url: str) -> None:
    assert postgres_url.startswith("postgresql+psycopg://")
    with connect(postgres_url) as connection:
        assert connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone() == (0,)
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
