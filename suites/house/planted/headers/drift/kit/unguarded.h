/* unguarded.h — cannot be included twice. */
typedef struct drift_unguarded {
    int member;
} drift_unguarded;
