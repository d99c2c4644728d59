# shellcheck shell=bash
# A throw-away Postgres for tests: on a Unix socket only, without fsync, gone when the script ends.

# Folder of the newest Postgres programs, 15 or later.
postgres_programs() {
    local folder
    while read -r folder; do
        if [[ -x $folder/initdb ]] && (($(postgres_major "$folder") >= 15)); then
            echo "$folder"
            return 0
        fi
    done < <(printf '%s\n' /usr/lib/postgresql/*/bin | sort --version-sort --reverse; dirname "$(command -v initdb || true)")
    return 1
}

postgres_major() {
    "$1/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*$/\1/'
}

# Starts the cluster and sets DATABASE_URL; `stop_postgres` ends it.
start_postgres() {
    postgres_bin=$(postgres_programs) || return 1
    # Not below target/: Postgres refuses to run as root, and its user may not enter root's folders; and a
    # socket's path must stay under 108 bytes.
    postgres_home=$(mktemp -d /tmp/vestibule-test.XXXXXX)
    local unprivileged=()
    if ((EUID == 0)); then
        local user=nobody
        if id postgres >/dev/null 2>&1; then user=postgres; fi
        chown "$user" "$postgres_home"
        unprivileged=(setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups)
    fi
    (
        cd "$postgres_home"
        "${unprivileged[@]}" "$postgres_bin/initdb" --pgdata data --username vestibule --auth trust --encoding UTF8 \
            --locale C.UTF-8 --no-sync >initdb.log
    ) || { cat "$postgres_home/initdb.log" >&2; return 1; }
    # `--pdeathsig`: it shuts down by itself even if this script is killed.
    "${unprivileged[@]}" setpriv --pdeathsig INT "$postgres_bin/postgres" -D "$postgres_home/data" -k "$postgres_home" \
        -c listen_addresses= -c max_connections=200 -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
        >"$postgres_home/postgres.log" 2>&1 &
    postgres_pid=$!
    local attempt
    for attempt in {1..100}; do
        if "$postgres_bin/pg_isready" --quiet --host "$postgres_home"; then break; fi
        if ((attempt == 100)); then cat "$postgres_home/postgres.log" >&2; return 1; fi
        sleep 0.1
    done
    DATABASE_URL=$(database_url postgres)
    export DATABASE_URL
}

stop_postgres() {
    [[ -n ${postgres_pid:-} ]] || return 0
    kill -INT "$postgres_pid" 2>/dev/null || true
    wait "$postgres_pid" 2>/dev/null || true
    rm -rf "$postgres_home"
}

# Makes an empty database and prints its URL.
fresh_database() {
    psql_in postgres --command "drop database if exists $1 with (force)" --command "create database $1" || return 1
    database_url "$1"
}

psql_in() {
    local database=$1
    shift
    PGOPTIONS=--client-min-messages=warning "$postgres_bin/psql" --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "$(database_url "$database")" "$@"
}

database_url() {
    echo "postgres://vestibule@localhost/$1?host=$postgres_home"
}
