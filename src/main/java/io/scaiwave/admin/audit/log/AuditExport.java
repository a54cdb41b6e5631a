package io.scaiwave.admin.audit.log;

import io.scaiwave.admin.audit.entry.ChainHead;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * The whole of what a query selects, chain by chain and oldest first, so that whoever reads it can check each chain as it comes.
 * Each chain goes to where its head was when its turn drew near. To be used on one event loop only.
 */
final class AuditExport {
    private static final int CHAINS = 500;

    private final Database database;
    private final Caller caller;
    private final AuditQuery query;
    private final ExportFormat format;
    private final StreamLimits limits;
    private final Deque<ChainHead> chains = new ArrayDeque<>();
    private UUID reached;
    private String lastChain;
    private boolean begun;

    AuditExport(Database database, Caller caller, AuditQuery query, ExportFormat format, StreamLimits limits) {
        this.database = database;
        this.caller = caller;
        this.query = query;
        this.format = format;
        this.limits = limits;
    }

    /** The next chunk, which may be empty; null at the end. */
    Future<Buffer> next() {
        if (!chains.isEmpty()) {
            return ChainReader.ofChain(database, query, chains.element(), reached)
                    .map(this::lines);
        }
        return AuditLogStore.chains(database, caller, lastChain, CHAINS).map(this::chains);
    }

    private Buffer chains(List<ChainHead> found) {
        if (found.isEmpty() && begun) {
            return null;
        }
        found.forEach(head -> {
            chains.add(head);
            lastChain = head.chain();
        });
        Buffer head = begun ? Buffer.buffer() : format.head();
        begun = true;
        return head;
    }

    private Buffer lines(ChainReader.Page page) {
        boolean chainDone =
                page.last() == null || page.last().equals(chains.element().lastId());
        reached = chainDone ? null : page.last();
        if (chainDone) {
            chains.remove();
        }
        limits.exported(page.entries().size());
        return format.lines(page.entries());
    }
}
