package io.scaiwave.admin.audit.log;

import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.db.Database;

/** The audit log as one caller may see it and asks to. */
record LogView(Database database, Caller caller, AuditQuery query) {}
