/* kit.h — everything that tests and debug builds use, beside what an app ships. Link drift::kit, or `pkg-config
 * drift-kit`. */
#ifndef DRIFT_KIT_H
#define DRIFT_KIT_H

#include "drift/drift.h"

#include "drift/kit/diff.h"
#include "drift/kit/expect.h"
#include "drift/kit/introspect.h"
#include "drift/kit/outcome.h"
#include "drift/kit/parse.h"
#include "drift/kit/report.h"
#include "drift/kit/seed.h"
#include "drift/kit/snapshot.h"
#include "drift/kit/verifier.h"
#include "drift/kit/verify.h"

#endif
