#!/bin/sh
# readme.sh DRIFT ROOT SCRATCH: runs every command that README.md shows behind "$ drift " in a console block, in ROOT, and
# compares what it prints with what README.md says it prints. SQLite's version alone may differ. With DRIFT_UPDATE_GOLDEN=1
# in the environment README.md is written anew instead.
set -eu
drift=$1
root=$2
scratch=$3
rm -rf "$scratch"
mkdir -p "$scratch"

# Each command becomes a file N.command, what is shown beneath it N.shown.
awk -v to="$scratch" '
    /^```console$/ { shown = 1; next }
    /^```$/ { shown = 0 }
    shown && /^\$ drift / { n++; sub(/^\$ drift /, ""); print > (to "/" n ".command"); printf "" > (to "/" n ".shown"); next }
    shown { print > (to "/" n ".shown") }
' "$root/README.md"

count=0
for command in "$scratch"/*.command; do
    [ -f "$command" ] || break
    name=${command%.command}
    # The words of the command, as a shell would split them.
    # shellcheck disable=SC2046
    (cd "$root" && "$drift" $(cat "$command")) >"$name.printed" 2>&1 || :
    count=$((count + 1))
    [ -z "${DRIFT_UPDATE_GOLDEN:-}" ] || continue
    for text in shown printed; do
        sed 's/SQLite [0-9.]*/SQLite …/' "$name.$text" >"$name.$text.masked"
    done
    if ! diff "$name.shown.masked" "$name.printed.masked"; then
        echo "README.md shows something else than: drift $(cat "$command")"
        exit 1
    fi
done
if [ "$count" -eq 0 ]; then
    echo "README.md shows no command"
    exit 1
fi
if [ -n "${DRIFT_UPDATE_GOLDEN:-}" ]; then
    awk -v from="$scratch" '
        /^```console$/ { shown = 1 }
        /^```$/ { shown = 0; skip = 0 }
        shown && /^\$ drift / {
            print
            file = from "/" ++n ".printed"
            while ((getline line < file) > 0) print line
            skip = 1
            next
        }
        !skip { print }
    ' "$root/README.md" >"$scratch/README.md"
    cat "$scratch/README.md" >"$root/README.md"
fi
echo "$count commands print what README.md shows"
