#!/bin/sh
# The nightly volume: simulation, real faults, mutants, one after the other, about five hours on two
# processors. Interrupted, it goes on where it was when it is started again at the same commit.
#
#   build/nightly.sh [DIRECTORY]    keeps what each has found; target/nightly/COMMIT if not given
set -eu

cd "$(dirname "$0")/.."
directory=${1:-target/nightly/$(git describe --always --dirty --abbrev=12 --exclude='*')}
mkdir -p "$directory"
failed=0
./simulation/run nightly --directory "$directory/simulation" || failed=1
./faults/run nightly --directory "$directory/faults" || failed=1
./simulation/mutants/run --page "$directory/mutants.md" --write --go-on || failed=1
exit $failed
