/* planted.h — declares what the library exports, what it does not, and in a comment: DRIFT_API int drift_told(void); */
#ifndef PLANTED_H
#define PLANTED_H
#define DRIFT_API __attribute__((visibility("default")))
typedef struct drift_thing drift_thing;
DRIFT_API int drift_kept(const char *name, int count);
DRIFT_API drift_thing *drift_kept_pointer(void);
DRIFT_API extern const char *const drift_kept_names[];
DRIFT_API void drift_gone(void);
#endif
