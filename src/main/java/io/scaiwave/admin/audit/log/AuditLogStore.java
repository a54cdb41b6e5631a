package io.scaiwave.admin.audit.log;

import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.entry.ChainHead;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;

/** Reads the audit log by keyset: entries before an id, of a tenant's chain or of a whole fleet. */
final class AuditLogStore {
    private AuditLogStore() {}

    /** One entry more than the limit, where there is one, so that the caller knows. */
    static Future<List<AuditEntry>> page(
            Database database, Caller caller, AuditQuery query, AuditLogVerticle.Page page) {
        Conditions where = new Conditions()
                .visibleTo(caller)
                .and("id < $", page.before())
                .about(query)
                .within(query);
        return database.read(
                        "SELECT " + AuditEntry.COLUMNS + " FROM audit_log WHERE " + where + " ORDER BY id DESC LIMIT "
                                + where.parameter(page.limit() + 1),
                        where.parameters())
                .map(rows -> Rows.all(rows, AuditEntry::of));
    }

    /** The next chains, by name, that the caller may see. */
    static Future<List<ChainHead>> chains(Database database, Caller caller, String after, int limit) {
        Conditions where = new Conditions().visibleTo(caller).and("chain > $", after);
        return heads(database, where, " ORDER BY chain LIMIT " + where.parameter(limit));
    }

    /** The chains that the caller may see and that have entries after an id. */
    static Future<List<ChainHead>> chainsSince(Database database, Caller caller, UUID id) {
        return heads(database, new Conditions().visibleTo(caller).and("last_id > $", id), "");
    }

    /** The chain of the newest entry that the caller may see, if there is one. */
    static Future<List<ChainHead>> newest(Database database, Caller caller) {
        return heads(database, new Conditions().visibleTo(caller), " ORDER BY last_id DESC LIMIT 1");
    }

    private static Future<List<ChainHead>> heads(Database database, Conditions where, String rest) {
        return database.read(
                        "SELECT " + ChainHead.COLUMNS + " FROM audit_chain WHERE " + where + rest, where.parameters())
                .map(rows -> Rows.all(rows, ChainHead::of));
    }

    /** The chain of an entry; null when there is no such entry. */
    static Future<String> chainOf(Database database, UUID id) {
        Conditions where = new Conditions().and("id = $", id);
        return database.read("SELECT chain FROM audit_log WHERE " + where, where.parameters())
                .map(rows -> Rows.first(rows, row -> row.getString("chain")));
    }
}
