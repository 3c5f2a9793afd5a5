#!/bin/sh
# Fuzzes what reads bytes that nobody vouches for: every @FuzzTest, one after the other.
#
#   build/fuzz.sh SECONDS [NAME ...]    for so long each; only those whose Class#method has a NAME
#
# What fails is written beside the tests' resources (<Class>Inputs/<method>), where the build replays
# it from then on: commit it with the mend. What else is worth trying again is added to
# database/src/test/resources/corpora, where the build replays it and the next run begins with it:
# commit it, too. Each target's own words are in database/target/fuzz.
set -eu

cd "$(dirname "$0")/.."
seconds=${1:?seconds for each target}
shift

targets() {
  grep -rl '@FuzzTest' database/src/test/java --include='*FuzzTest.java' | sort | while read -r file; do
    class=$(basename "$file" .java)
    sed -n '/@FuzzTest/{n;s/^ *void \([A-Za-z]*\)(.*/\1/p;}' "$file" | sed "s/^/$class#/"
  done
}

wanted() {
  [ $# -gt 1 ] || return 0
  target=$1
  shift
  for name in "$@"; do
    case $target in *"$name"*) return 0 ;; esac
  done
  return 1
}

# Of an input, and how many of a target: the build replays them all.
bytes_max=4096
inputs_max=1000

# Adds what Jazzer has kept of a target to what is known of it.
keep() {
  class=${1%#*}
  known="database/src/test/resources/corpora/$1.txt"
  [ -f "$known" ] || : >"$known"
  find database/.cifuzz-corpus -path "*.$class/${1#*#}/*" -type f -size "-$((bytes_max + 1))c" |
    sort | while read -r input; do
      base64 -w 0 "$input"
      echo
    done | grep -vxF -f "$known" | grep . |
    head -n $((inputs_max - $(wc -l <"$known"))) >"database/target/fuzz/new" || true
  sort -u "$known" "database/target/fuzz/new" -o "$known"
}

./mvnw -q -pl database test-compile
mkdir -p database/src/test/resources/corpora
mkdir -p database/target/fuzz
failed=0
for target in $(targets); do
  wanted "$target" "$@" || continue
  log=database/target/fuzz/$target.log
  result=ok
  JAZZER_FUZZ=1 ./mvnw -q -pl database surefire:test -Dtest="$target" \
    -Djazzer.hooks=true -Djazzer.max_duration="${seconds}s" >"$log" 2>&1 ||
    { result=FAILED && failed=1; }
  keep "$target"
  runs=$(sed -n 's/^Done \([0-9]* runs\).*/, \1/p' "$log")
  echo "$target: $result$runs"
done
exit $failed
