/* calls.c — malloc() in a comment is no call; drift__malloc( and sqlite3_strdup( are others. */
char *text = strdup("planted");
char *other = drift__strdup("planted");
int n = (int)atoi(text);
