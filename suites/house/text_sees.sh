#!/bin/sh
# text_sees.sh text.sh SCRATCH: plants each fault that text.sh looks for, and sees that it is found, and that a clean
# tree passes.
set -eu
check=$1
scratch=$2
rm -rf "$scratch"
mkdir -p "$scratch"

# finds WHAT TEXT: a tree whose only file holds this text is refused, and the report says why.
finds()
{
    # The text is a format on purpose: its \r and \n are what is planted.
    # shellcheck disable=SC2059
    printf "$2" >"$scratch/planted.c"
    if report=$(sh "$check" "$scratch"); then
        echo "not found: $1"
        exit 1
    fi
    case $report in
    *"$1"*planted.c*) ;;
    *)
        echo "expected \"$1\" about planted.c, found: $report"
        exit 1
        ;;
    esac
}

printf 'int clean;\n' >"$scratch/clean.c"
sh "$check" "$scratch"
finds "CR line ends" 'int a;\r\n'
finds "blanks at the end" 'int a; \n'
finds "blanks at the end" 'int a;\t\n'
finds "somebody's machine" '"/home''/someone/drift"\n'
finds "left for later" '/* TO''DO: later */\n'
finds "left for later" '/* FIX''ME */\n'
finds "no newline" 'int a;'
