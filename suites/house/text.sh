#!/bin/sh
# text.sh ROOT: fails on text files with CR line ends, blanks at line ends or no newline at the end, on paths of
# somebody's machine, and on work that was left for later. What the suites read is data and may hold anything.
set -eu
LC_ALL=C
export LC_ALL
cd "$1"
status=0

# What git would not track is nobody's text: build folders, and caches of tools.
text_files()
{
    find . \( -name .git -o -path ./build -o -name .cache -o -name samples -o -name golden \) -prune -o \
        -path './suites/*' \( -name '*.sql' -o -name '*.json' \) -prune -o \
        -type f \( -name '*.[ch]' -o -name '*.cmake' -o -name '*.in' -o -name '*.md' -o -name '*.sh' -o -name '*.json' \
        -o -name '*.sql' -o -name '*.txt' -o -name '*.yml' -o -path ./bootstrap -o -path ./.ci/run -o -path ./LICENSE \
        -o -name '.clang-*' -o -name .editorconfig -o -name '.git?*' \) -print
}

# refuse WHY PATTERN: every line that the extended regular expression matches.
refuse()
{
    why=$1
    pattern=$2
    found=$(text_files | tr '\n' '\0' | xargs -0 grep -nE -e "$pattern" /dev/null || :)
    if [ -n "$found" ]; then
        printf '%s\n' "$why:" "$found"
        status=1
    fi
}

carriage_return=$(printf '\r')
tab=$(printf '\t')
refuse "CR line ends" "$carriage_return\$"
refuse "blanks at the end of a line" "[ $tab]+\$"
# The brackets keep these lines from finding themselves.
refuse "paths of somebody's machine" '(^|[^A-Za-z0-9_.$}/-])/(home|User[s]|wor[k])/[A-Za-z]|/tm[p]/build|[C-Z]:\\Use[r]s'
refuse "work left for later" '(^|[^A-Za-z0-9_])(TO[D]O|FIX[M]E|XX[X]|HAC[K])([^A-Za-z0-9_]|$)'

for file in $(text_files); do
    if [ -s "$file" ] && [ -n "$(tail -c 1 "$file")" ]; then
        printf '%s\n' "no newline at the end: $file"
        status=1
    fi
done
exit "$status"
