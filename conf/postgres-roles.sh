#!/bin/sh
# Makes the server's role when the database is first made: it may log in and nothing else. The migrations, which run as the
# owner, grant it what it needs.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$SCAIWAVE_APP_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
CREATE ROLE scaiwave_app LOGIN PASSWORD :'password';
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SQL
