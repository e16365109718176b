/* needy.h — needs <stddef.h> and does not include it. */
size_t drift_needy(void);
