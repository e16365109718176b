#!/bin/sh
# bootstrap.sh BOOTSTRAP SCRATCH: what bootstrap says about its usage, and on machines that lack everything, with and
# without a package manager. Nothing is really installed: the package managers here only write down what they were asked.
set -eu
bootstrap=$1
scratch=$2
rm -rf "$scratch"
mkdir -p "$scratch/bin" "$scratch/tmp"

# expect STATUS WHAT COMMAND…: runs it with its output in $scratch/out and compares the exit status.
expect()
{
    expected=$1
    what=$2
    shift 2
    status=0
    "$@" >"$scratch/out" 2>&1 || status=$?
    if [ "$status" -ne "$expected" ]; then
        echo "$what: expected exit $expected, found $status:"
        cat "$scratch/out"
        exit 1
    fi
}

# says PATTERN: the output of the last command has a line with this extended regular expression.
says()
{
    if ! grep -qE -e "$1" "$scratch/out"; then
        echo "expected \"$1\" in:"
        cat "$scratch/out"
        exit 1
    fi
}

expect 0 "--help" "$bootstrap" --help
says '^usage: '
says '^  verify '
says '^  test '
expect 2 "no argument" "$bootstrap"
says '^usage: '
expect 2 "an unknown command" "$bootstrap" prove
says 'no such command: prove'
expect 2 "too many arguments" "$bootstrap" test verify

# A machine with the POSIX tools and nothing else.
for tool in sh awk basename cat dirname env getconf grep id mkdir mktemp rm tail; do
    ln -s "$(command -v "$tool")" "$scratch/bin/$tool"
done
bare()
{
    env -i PATH="$scratch/bin" TMPDIR="$scratch/tmp" DRIFT_BUILD="$scratch/build" LOG="$scratch/log" \
        sh "$bootstrap" "$@"
}

expect 4 "no package manager" bare test
says 'missing: CMake 3\.25 or newer'
says 'missing: SQLite 3\.37 or newer with its header'
says 'missing: Check 0\.15 or newer with its header'
says '^ +apt-get +libsqlite3-dev$'
says '^ +dnf +sqlite-devel$'
says '^ +brew +sqlite$'
says '^ +apk +sqlite-dev$'
expect 4 "no package manager, verify" bare verify
if grep -q 'Check' "$scratch/out"; then
    echo "verify does not need Check"
    exit 1
fi

# asked MANAGER PATTERN: with this package manager, which fails, what it was asked for.
asked()
{
    rm -f "$scratch/log"
    # What stands in single quotes is the text of a script.
    # shellcheck disable=SC2016
    printf '%s\n' '#!/bin/sh' 'echo "$@" >>"$LOG"' 'exit 1' >"$scratch/bin/$1"
    chmod +x "$scratch/bin/$1"
    # shellcheck disable=SC2016
    printf '%s\n' '#!/bin/sh' '[ "$1" = -n ] && shift' 'exec "$@"' >"$scratch/bin/sudo"
    chmod +x "$scratch/bin/sudo"
    expect 4 "$1 fails" bare verify </dev/null
    says "installing with $1:"
    rm "$scratch/bin/$1"
    if ! grep -qE -e "$2" "$scratch/log"; then
        echo "expected \"$2\" asked of $1, found:"
        cat "$scratch/log"
        exit 1
    fi
}
asked apt-get '^install -y .*gcc libc6-dev make cmake pkg-config libsqlite3-dev libjansson-dev$'
if [ "$(grep -c '^update' "$scratch/log")" -ne 1 ]; then
    echo "expected one apt-get update after the failure, found:"
    cat "$scratch/log"
    exit 1
fi
asked dnf '^install -y .*gcc glibc-devel make cmake pkgconf-pkg-config sqlite-devel jansson-devel$'
asked apk '^add .*gcc musl-dev make cmake pkgconf sqlite-dev jansson-dev$'
asked brew '^install .*gcc make cmake pkgconf sqlite jansson$'

# Temporary files are gone, whichever way it ended.
if [ -n "$(ls "$scratch/tmp")" ]; then
    echo "left behind: $(ls "$scratch/tmp")"
    exit 1
fi
