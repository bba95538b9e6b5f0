#!/bin/sh
# Makes the two files of this folder with the program of that release.
# Arguments: the program, the folder of PostgreSQL's programs, an empty working folder that this user may write.
set -eu
here=$(cd "$(dirname "$0")" && pwd) program=$1 postgres=$2 work=$3
port=${PORT:-58431}
fill() { # the URL of a database
    export DATABASE_URL=$1 EDUACCORD_LISTEN=127.0.0.1:$((port + 1))
    (cd "$work" && exec "$program" serve >serve.log 2>&1) &
    server=$!
    trap 'kill "$server" 2>/dev/null' EXIT
    until curl -sf "http://$EDUACCORD_LISTEN/readyz" >/dev/null; do sleep 0.2; done
    token=$(cd "$work" && "$program" admin bootstrap --force --days 1 --json | sed -n 's/.*"token": *"\([^"]*\)".*/\1/p')
    (cd "$work" && "$program" import "$here/../../data")
    python3 "$here/fill.py" "http://$EDUACCORD_LISTEN" "$token"
    kill "$server" && wait "$server" || true
    trap - EXIT
    (cd "$work" && "$program" verify)
}
fill "sqlite://$work/eduaccord.db"
sqlite3 "$work/eduaccord.db" "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE; VACUUM"
cp "$work/eduaccord.db" "$here/eduaccord.db"
"$postgres/initdb" -D "$work/data" -U postgres -A trust -E UTF8 --locale=C >"$work/initdb.log"
"$postgres/pg_ctl" -D "$work/data" -w -l "$work/server.log" -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=''" start
fill "postgres://postgres@127.0.0.1:$port/postgres"
"$postgres/pg_dump" --no-owner --no-privileges --rows-per-insert=100 "postgres://postgres@127.0.0.1:$port/postgres" |
    grep -v -e '^--' -e '^$' -e '^\\restrict' -e '^\\unrestrict' >"$here/eduaccord.sql"
"$postgres/pg_ctl" -D "$work/data" -m fast stop
