"""A PostgreSQL database that is emptied after each test instead of made anew for it."""

from __future__ import annotations

import psycopg
from psycopg import sql
from sqlalchemy import make_url

# Idle ones hold nothing: those of a pool that the tests share, and of processes that have ended.
END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle' AND backend_type = 'client backend'
"""
SWOLLEN = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 500000
"""
BEGUN_WITH = """
DO $$
DECLARE known text; filled boolean;
BEGIN
  CREATE TEMP TABLE begun_with (table_name text);
  FOR known IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', known) INTO filled;
    IF filled THEN
      EXECUTE format('CREATE TEMP TABLE %I AS TABLE public.%I', known, known);
      INSERT INTO begun_with VALUES (known);
    END IF;
  END LOOP;
  CREATE TEMP TABLE begun_at AS SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public';
END $$
"""
RESTORE = """
CREATE FUNCTION pg_temp.restore() RETURNS void LANGUAGE plpgsql SET session_replication_role = replica AS $$
DECLARE written text; at bigint;
BEGIN
  FOR written IN SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
  LOOP
    EXECUTE format('DELETE FROM public.%I', written);
  END LOOP;
  FOR written IN SELECT table_name FROM begun_with LOOP
    EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE TABLE pg_temp.%I', written, written);
  END LOOP;
  FOR written, at IN SELECT sequencename, b.last_value FROM pg_sequences s JOIN begun_at b USING (sequencename)
    WHERE s.schemaname = 'public' AND s.last_value IS DISTINCT FROM b.last_value
  LOOP
    PERFORM setval(format('public.%I', written)::regclass, coalesce(at, 1), at IS NOT NULL);
  END LOOP;
END $$
"""


class Reused:
    """One database for test after test, as it was found each time: to make and drop one costs ten times as much.

    Nothing of this is in the database itself: what it began with is kept in a temporary schema of our own connection.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(plain, autocommit=True)
        for statement in BEGUN_WITH, RESTORE:
            self._connection.execute(statement)

    def restore(self) -> None:
        """Remove what was written since, let ids begin anew, and end what others had not ended."""
        self._connection.execute(END_OTHERS)
        self._connection.execute("SELECT pg_temp.restore()")
        for (table,) in self._connection.execute(SWOLLEN).fetchall():
            self._connection.execute(sql.SQL("VACUUM {}").format(sql.Identifier(table)))

    def close(self) -> None:
        self._connection.close()
