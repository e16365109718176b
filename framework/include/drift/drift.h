/* drift.h — everything that an app ships. Link drift::drift, or `pkg-config drift`. */
#ifndef DRIFT_DRIFT_H
#define DRIFT_DRIFT_H

#include "drift/connection.h"
#include "drift/database.h"
#include "drift/error.h"
#include "drift/executor.h"
#include "drift/export.h"
#include "drift/migrator.h"
#include "drift/render.h"
#include "drift/rows.h"
#include "drift/schema.h"
#include "drift/track.h"
#include "drift/typed.h"
#include "drift/watch.h"

#endif
