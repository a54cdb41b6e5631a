package io.scaiwave.admin.audit.log;

import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Scope;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;

/**
 * The audit log as one caller may see it and asks to.
 *
 * @param account whose turn its reading takes
 */
record LogView(Database database, Caller caller, AuditQuery query, String account) {

    static LogView ofPage(Database database, Caller caller, AuditQuery query) {
        return new LogView(database, caller, query, caller.account());
    }

    /** Exports and live streams have turns of their own: pages do not make one of them fail half-way. */
    static LogView ofStream(Database database, Caller caller, AuditQuery query) {
        return new LogView(database, caller, query, caller.account() + " streams");
    }

    Future<RowSet<Row>> read(String sql, Tuple parameters) {
        return database.query(Scope.of(caller), account, sql, parameters);
    }
}
