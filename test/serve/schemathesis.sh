#!/usr/bin/env bash
# Schemathesis against the built server: it sends what the OpenAPI document allows, and what it does not, to every operation.
# Nothing may be a bug of the server (500), and each reply must be as the document says. It comes from PyPI into a virtual
# environment in the cache folder, once.
#
# usage: npm run build && npm run test:schemathesis [-- --max-examples 200 --seed 7]
set -euo pipefail
cd "$(dirname "$0")/../.."
version=4.32.5
cache="${XDG_CACHE_HOME:-$HOME/.cache}/sqlq-schemathesis/$version"
if [ ! -x "$cache/bin/schemathesis" ]; then
  python3 -m venv "$cache"
  "$cache/bin/pip" install --quiet "schemathesis==$version"
fi
program="$(npm exec -- node -p process.execPath)"
home="$(mktemp -d)"
server=
stop() {
  [ -z "$server" ] || { kill "$server" && wait "$server" || true; }
  rm -rf "$home"
}
trap stop EXIT

# No function: of one in the background, the process to end would be the shell's.
sqlq=(env -i PATH="$PATH" HOME="$home" XDG_CONFIG_HOME="$home" XDG_STATE_HOME="$home" XDG_CACHE_HOME="$home"
  "$program" "$PWD/bin/sqlq.js")

# Runs it against `sqlq serve` with these flags, as the user of the token in $token, or of the one that is printed.
attack() {
  local name="$1" port=
  shift
  "${sqlq[@]}" serve --port 0 --db sample --profile offline --rate-user none --rate-address none --log-level silent \
    "$@" 2>"$home/$name.err" &
  server=$!
  for _ in $(seq 300); do
    port="$(sed -nE 's|.* at http://127\.0\.0\.1:([0-9]+)/.*|\1|p' "$home/$name.err")"
    [ -z "$port" ] || break
    sleep 0.2
  done
  [ -n "$port" ] || { cat "$home/$name.err" >&2; return 1; }
  local own="${token:-$(sed -nE 's|.*#token=(.*)|\1|p' "$home/$name.err")}"
  # It leaves what it has learned in the folder that it runs in.
  (cd "$home" && "$cache/bin/schemathesis" run "http://127.0.0.1:$port/openapi.json" \
    --header "Authorization: Bearer $own" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
    --phases examples,coverage,fuzzing --continue-on-failure --warnings off --no-color \
    --max-examples 25 "${flags[@]}")
  kill "$server"
  wait "$server" || true
  server=
}

flags=("$@")
attack local
users="$home/users.sqlite"
echo 'four plain words together' | "${sqlq[@]}" user add ana --roles ask,run,write,admin --users "$users"
token="$("${sqlq[@]}" user token ana --name schemathesis --users "$users")"
# What ends its own user or token would leave nothing to try.
flags+=(--exclude-path /auth/logout --exclude-path-regex '^/auth/tokens/' --exclude-method PATCH)
attack users --users "$users" --registration
