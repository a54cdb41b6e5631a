package io.scaiwave.admin.audit.log;

import io.scaiwave.admin.audit.entry.ChainHead;
import io.scaiwave.admin.db.Rows;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which chains there are, and where they end. */
final class AuditLogStore {
    private AuditLogStore() {}

    /** The next chains, by name, that the caller may see. */
    static Future<List<ChainHead>> chains(LogView view, String after, int limit) {
        Conditions where = new Conditions().visibleTo(view.caller()).and("chain > $", after);
        return heads(view, where, " ORDER BY chain LIMIT " + where.parameter(limit));
    }

    /** The chains that the caller may see and that have entries after an id. */
    static Future<List<ChainHead>> chainsSince(LogView view, UUID id) {
        return heads(view, new Conditions().visibleTo(view.caller()).and("last_id > $", id), "");
    }

    /** The chain of the newest entry that the caller may see, if there is one. */
    static Future<List<ChainHead>> newest(LogView view) {
        return heads(view, new Conditions().visibleTo(view.caller()), " ORDER BY last_id DESC LIMIT 1");
    }

    private static Future<List<ChainHead>> heads(LogView view, Conditions where, String rest) {
        return view.read("SELECT " + ChainHead.COLUMNS + " FROM audit_chain WHERE " + where + rest, where.parameters())
                .map(rows -> Rows.all(rows, ChainHead::of));
    }

    /** The chain of an entry, if there is such an entry. */
    static Future<@Nullable String> chainOf(LogView view, UUID id) {
        Conditions where = new Conditions().and("id = $", id);
        return view.read("SELECT chain FROM audit_log WHERE " + where, where.parameters())
                .map(rows -> Rows.first(rows, row -> row.getString("chain")));
    }
}
