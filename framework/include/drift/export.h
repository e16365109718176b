/* export.h — marks what the libraries export; everything else stays hidden. */
#ifndef DRIFT_EXPORT_H
#define DRIFT_EXPORT_H

#if defined(_WIN32)
#define DRIFT_API
#elif defined(__GNUC__) || defined(__clang__)
#define DRIFT_API __attribute__((visibility("default")))
#else
#define DRIFT_API
#endif

/** Lets the compiler check a printf-style format and its arguments. */
#if defined(__GNUC__) || defined(__clang__)
#define DRIFT_PRINTF(format_index, first_argument) __attribute__((format(printf, format_index, first_argument)))
#else
#define DRIFT_PRINTF(format_index, first_argument)
#endif

#ifdef __cplusplus
#define DRIFT_BEGIN_DECLS extern "C" {
#define DRIFT_END_DECLS   }
#else
#define DRIFT_BEGIN_DECLS
#define DRIFT_END_DECLS
#endif

#endif
