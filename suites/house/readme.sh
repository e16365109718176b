#!/bin/sh
# readme.sh DRIFT ROOT SCRATCH [PAGE]: runs every command that README.md, or another page of ROOT, shows behind "$ drift " in
# a console block, in ROOT, and compares what it prints with what the page says it prints. Only SQLite's version and
# times may differ. With DRIFT_UPDATE_GOLDEN=1 in the environment the page is written anew instead.
set -eu
drift=$1
root=$2
scratch=$3
page=${4:-README.md}
rm -rf "$scratch"
mkdir -p "$scratch"

# Each command becomes a file N.command, what is shown beneath it N.shown.
awk -v to="$scratch" '
    /^```console$/ { shown = 1; next }
    /^```$/ { shown = 0 }
    shown && /^\$ drift / { n++; sub(/^\$ drift /, ""); print > (to "/" n ".command"); printf "" > (to "/" n ".shown"); next }
    shown { print > (to "/" n ".shown") }
' "$root/$page"

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
        sed 's/SQLite [0-9.]*/SQLite …/; s/[0-9.]* ms$/… ms/' "$name.$text" >"$name.$text.masked"
    done
    if ! diff "$name.shown.masked" "$name.printed.masked"; then
        echo "$page shows something else than: drift $(cat "$command")"
        exit 1
    fi
done
if [ "$count" -eq 0 ]; then
    echo "$page shows no command"
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
    ' "$root/$page" >"$scratch/page"
    cat "$scratch/page" >"$root/$page"
fi
echo "$count commands print what $page shows"
