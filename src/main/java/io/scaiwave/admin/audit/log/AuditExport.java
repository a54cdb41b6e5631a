package io.scaiwave.admin.audit.log;

import io.scaiwave.admin.audit.entry.ChainHead;
import io.scaiwave.admin.db.UuidV7;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The whole of what a query selects, chain by chain and oldest first, so that whoever reads it can check each chain as it comes.
 * Each chain ends where its head was shortly before its turn. To be used on one event loop only.
 */
final class AuditExport {
    private static final int CHAINS = 500;

    private final LogView view;
    private final ExportFormat format;
    private final StreamLimits limits;
    private final Deque<ChainHead> chains = new ArrayDeque<>();
    private UUID reached = UuidV7.NIL;
    private String lastChain = "";
    private boolean begun;
    private @Nullable Future<Step> ahead;

    AuditExport(LogView view, ExportFormat format, StreamLimits limits) {
        this.view = view;
        this.format = format;
        this.limits = limits;
    }

    /** The next chunk, which may be empty; null at the end. The one after it is read while this one is written and sent. */
    Future<@Nullable Buffer> next() {
        Future<Step> step = ahead == null ? read() : ahead;
        ahead = null;
        return step.map(found -> {
            if (!found.isEnd()) {
                ahead = read();
            }
            return found.chunk().get();
        });
    }

    /**
     * What was read.
     *
     * @param chunk writes it; null at the end
     */
    private record Step(boolean isEnd, Supplier<@Nullable Buffer> chunk) {}

    private Future<Step> read() {
        if (!chains.isEmpty()) {
            return ChainReader.ofChain(view, chains.element(), reached).map(this::page);
        }
        return AuditLogStore.chains(view, lastChain, CHAINS).map(this::chains);
    }

    private Step chains(List<ChainHead> found) {
        boolean isFirst = !begun;
        begun = true;
        found.forEach(head -> {
            chains.add(head);
            lastChain = head.chain();
        });
        if (isFirst) {
            return new Step(false, format::head);
        }
        return new Step(found.isEmpty(), found.isEmpty() ? () -> null : Buffer::buffer);
    }

    private Step page(ChainReader.Page page) {
        if (page.last() == null || page.last().equals(chains.element().lastId())) {
            chains.remove();
            reached = UuidV7.NIL;
        } else {
            reached = page.last();
        }
        return new Step(false, () -> {
            limits.exported(page.entries().size());
            return format.lines(page.entries());
        });
    }
}
