#!/bin/sh
# man.sh FOLDER INCLUDE: every manual page in FOLDER is well formed, says what a page has to say, and names only what the
# headers in INCLUDE declare. groff's own warnings are faults where groff is installed.
set -eu
LC_ALL=C
export LC_ALL
LC_ALL=C
export LC_ALL
folder=$1
include=$2
faults=0

fault()
{
    printf '%s\n' "$1"
    faults=$((faults + 1))
}

# The macros of man(7) come with their arguments; a line that begins with a point and none of them is lost text.
structure()
{
    awk '
        /^\.TH / { title++ }
        /^\.SH / { sections++ }
        /^\.SH NAME$/ { getline; if ($0 ~ /^[a-z0-9-]+(\\-[a-z0-9]+)* \\- [^ ]/) name = 1 }
        /^\.TS$/ { tables++ }
        /^\.TE$/ { tables-- }
        /^\./ && !/^\.(\\"|TH|SH|SS|PP|TP|IP|B|I|BR|RB|IR|RI|BI|IB|TS|TE|nf|fi|EX|EE|RS|RE|UR|UE)( |$|\\)/ {
            printf "line %d is no macro of man(7): %s\n", NR, $0
        }
        length($0) > 0 && / $/ { printf "line %d ends with a blank\n", NR }
        END {
            if (title != 1) printf "expected one .TH, found %d\n", title
            if (!name) print "expected \"name \\- what it is\" below .SH NAME"
            if (sections < 2) print "expected sections, found none"
            if (tables != 0) print "a table has no end"
        }' "$1"
}

# What the page calls by name, underscores and all.
names()
{
    grep -oE '\b(drift|DRIFT)_[A-Za-z0-9_]+' "$1" | sort -u
}

pages=0
for page in "$folder"/*.[1-9]; do
    [ -f "$page" ] || continue
    pages=$((pages + 1))
    name=${page##*/}
    told=$(structure "$page")
    [ -z "$told" ] || fault "$name: $told"
    for word in $(names "$page"); do
        # Statuses stand in a list without their first part: X(MISUSE, …).
        grep -rqE -e "\\b$word\\b|X\\(${word#DRIFT_}, " "$include" || fault "$name: no header declares $word"
    done
    if command -v groff >/dev/null; then
        told=$(groff -t -man -ww -z -Tutf8 "$page" 2>&1) || :
        [ -z "$told" ] || fault "$name: $told"
    fi
done
[ "$pages" -gt 0 ] || fault "expected manual pages in $folder, found none"
[ "$faults" -eq 0 ] || exit 1
echo "$pages manual pages are well formed"
