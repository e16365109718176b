#!/bin/sh
# calls.sh ROOT: fails on calls that the sources under ROOT do not make: allocation past base/alloc.h, functions with a
# state of their own or that the locale decides, unbounded writes, shells.
set -eu
cd "$1"
refused='malloc|calloc|realloc|reallocarray|strdup|strndup|asprintf|vasprintf|getline|open_memstream|strtok|strerror'
refused="$refused|setlocale|localtime|gmtime|ctime|asctime|rand|srand|sprintf|vsprintf|strcpy|strcat|gets|system|popen"
refused="$refused|tmpnam|mktemp|atoi|atol|atof|strtod"
found=$(find . -name '*.[ch]' -exec grep -nE -e "(^|[^A-Za-z0-9_])($refused)\(" /dev/null {} + |
    grep -vE '^[^:]*:[0-9]+: *(\*|/\*)' || :)
if [ -n "$found" ]; then
    printf '%s\n' "calls that are not made here:" "$found"
    exit 1
fi
