#!/bin/sh
# postgresql.sh PROGRAM HAS_LIBPQ: the program delivers into a PostgreSQL server of its own, in a temporary folder, which
# is stopped and started under it. Exit status 77, with the reason, where there is no server or no libpq.
set -eu
LC_ALL=C
export LC_ALL
program=$1

skip()
{
    printf 'SKIP: %s\n' "$1"
    exit 77
}

[ "$2" = yes ] || skip "the program was built without libpq"
# Debian and Red Hat keep the server's own programs out of the way.
for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin; do
    if [ -d "$folder" ]; then PATH=$PATH:$folder; fi
done
for tool in initdb pg_ctl psql; do
    command -v "$tool" >/dev/null || skip "no $tool: PostgreSQL's server is missing"
done

folder=$(mktemp -d "${TMPDIR:-/tmp}/drift-pg-XXXXXX")
# The server refuses to run as root.
owner=
if [ "$(id -u)" = 0 ]; then
    owner=nobody
    if id postgres >/dev/null 2>&1; then owner=postgres; fi
    command -v setpriv >/dev/null || skip "running as root without setpriv"
    chown "$owner" "$folder"
    chmod 755 "$folder"
fi

as_owner()
{
    if [ -n "$owner" ]; then
        (cd "$folder" && HOME=$folder setpriv --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups -- "$@")
    else
        "$@"
    fi
}

server()
{
    as_owner pg_ctl -D "$folder/data" -w -t 60 -l "$folder/log" \
        -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off" "$@" >/dev/null
}

finish()
{
    server -m immediate stop 2>/dev/null || :
    rm -rf "$folder"
}
trap finish EXIT

as_owner initdb -D "$folder/data" -U drift -A trust -E UTF8 --no-sync >"$folder/initdb.log" 2>&1 ||
    { cat "$folder/initdb.log"; exit 1; }
server start || { cat "$folder/log"; exit 1; }

app()
{
    "$program" --db "$folder/app.db" --backend "postgresql://drift@/postgres?host=$folder" "$@"
}

query()
{
    psql -X -A -t -q -h "$folder" -U drift -d postgres -c "$1"
}

# expect WANTED COMMAND…
expect()
{
    wanted=$1
    shift
    found=$("$@" 2>&1) || :
    if [ "$found" != "$wanted" ]; then
        printf '%s\n  expected: %s\n  found:    %s\n' "$*" "$wanted" "$found"
        exit 1
    fi
}

app post "It's \"quoted\", with é and 😀"
app post "second"
expect "2 delivered, 0 later, 0 refused" app sync
expect "0 delivered, 0 later, 0 refused" app sync
expect "It's \"quoted\", with é and 😀" query "SELECT payload->>'content' FROM social_rows WHERE payload->>'content' <> 'second'"

# While the server is away, posts wait.
server -m fast stop
app post "written while the server was away"
app sync >/dev/null 2>&1 && { echo "a server that is away was delivered to"; exit 1; }
expect "1 waiting, 0 refused" app status
server start
expect "1 delivered, 0 later, 0 refused" app sync
expect 3 query "SELECT count(*) FROM social_rows"
expect 3 query "SELECT count(*) FROM social_seen"

# The live program delivers in the background, also over a server that is started anew under it.
{
    echo online
    for i in 1 2 3 4 5 6 7 8 9 10; do echo "post live $i"; done
    sleep 2
    server -m immediate stop
    echo "post while it is away"
    sleep 2
    server start
    sleep 4
} | app run >/dev/null 2>&1
app sync >/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ "$(app status)" = "0 waiting, 0 refused" ] && break
    sleep 1
    app sync >/dev/null
done
expect "0 waiting, 0 refused" app status
expect 14 query "SELECT count(*) FROM social_rows"
expect 1 query "SELECT max(revision) FROM social_rows"
echo "14 posts delivered into PostgreSQL $(query 'SHOW server_version'), each once"
