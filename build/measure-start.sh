#!/bin/bash
# Measures what `./kindstead dev` promises: milliseconds from exec to the first 200 on GET /, and the
# resident memory after five idle seconds. Linux; run it on a quiet machine.
#
#   build/measure-start.sh [rounds]
set -eu
cd "$(dirname "$0")/.."
rounds=${1:-5}
port=18981

./kindstead version >/dev/null 2>&1

is_up() {
  exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
  printf 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
  read -r -t 5 status <&3 || status=
  exec 3>&- 3<&-
  [[ $status == *200* ]]
}

resident_mib() {
  awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$1/status"
}

for ((round = 0; round <= rounds; round++)); do
  began=$(date +%s%N)
  ./kindstead dev --listen="127.0.0.1:$port" >/dev/null 2>&1 &
  server=$!
  until is_up 2>/dev/null; do sleep 0.005; done
  ready=$((($(date +%s%N) - began) / 1000000))
  sleep 5
  # The first round may have built and trained.
  ((round == 0)) || echo "ready after $ready ms, resident $(resident_mib $server) MiB"
  kill "$server"
  wait "$server" || echo "ended with $?"
done
