package io.scaiwave.admin.audit.log;

import io.scaiwave.admin.audit.Chain;
import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.entry.ChainHead;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.db.UuidV7;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.work.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The log as it grows, as server-sent events. It looks at the heads of chains when it is woken, and now and then; what it sends is
 * what stands in the log. To be used on one event loop only.
 */
final class AuditTail {
    private static final long OPEN_MAX_MS = TimeUnit.MINUTES.toMillis(15);
    private static final long RETRY_MS = 2_000;
    /** By so much the clock of the node that made an id may be ahead. */
    private static final long AHEAD_MS = 60_000;
    /** However often it is woken, it looks no more often. */
    private static final long PAUSE_MS = 50;

    /**
     * When it looks and speaks.
     *
     * @param alarm wakes it
     * @param heartbeatMs after so long without an event it says that it lives
     */
    record Pulse(Alarm alarm, long heartbeatMs) {}

    private final Vertx vertx;
    private final LogView view;
    private final Pulse pulse;
    private final ReadPositions positions;
    private final Deadline ends = Deadline.in(OPEN_MAX_MS);
    private boolean begun;
    private Deadline heartbeat;
    private Deadline pause = Deadline.in(0);

    private AuditTail(Vertx vertx, LogView view, Pulse pulse, ReadPositions positions) {
        this.vertx = vertx;
        this.view = view;
        this.pulse = pulse;
        this.positions = positions;
        this.heartbeat = Deadline.in(pulse.heartbeatMs());
    }

    /** One that goes on after the query's last event, or else begins with what comes from now on. */
    static Future<AuditTail> open(Vertx vertx, LogView view, Pulse pulse) {
        UUID last = view.query().lastEventId();
        Future<ReadPositions> positions = last == null ? now(view) : after(view, last);
        return positions.map(from -> new AuditTail(vertx, view, pulse, from));
    }

    private static Future<ReadPositions> now(LogView view) {
        return AuditLogStore.newest(view).compose(newest -> {
            ReadPositions positions = new ReadPositions(
                    newest.isEmpty() ? UuidV7.NIL : newest.get(0).lastId());
            return AuditLogStore.chainsSince(view, positions.floor()).map(heads -> {
                positions.read(heads, null);
                return positions;
            });
        });
    }

    private static Future<ReadPositions> after(LogView view, UUID id) {
        return requireReachable(view, id).compose(v -> chainOf(view, id)).map(name -> {
            ReadPositions positions = new ReadPositions(id);
            if (name != null) {
                positions.put(name, id);
            }
            return positions;
        });
    }

    /** Behind an id from the future nothing would come until then. One that the log has is none, whatever the clocks were. */
    private static Future<Void> requireReachable(LogView view, UUID id) {
        if (UuidV7.millis(id) - System.currentTimeMillis() <= AHEAD_MS) {
            return Future.succeededFuture();
        }
        return AuditLogStore.newest(view).map(newest -> {
            if (newest.isEmpty() || UuidV7.compare(newest.get(0).lastId(), id) < 0) {
                throw Failure.invalid("Last-Event-ID", "lies in the future, behind all that the log has");
            }
            return null;
        });
    }

    private static Future<@Nullable String> chainOf(LogView view, UUID id) {
        Caller.TenantRef tenant = view.caller().target();
        if (tenant != null) {
            return Future.succeededFuture(Chain.nameOfTenant(tenant.id()));
        }
        return AuditLogStore.chainOf(view, id);
    }

    /** The next chunk, which may be empty; null at the end. */
    Future<@Nullable Buffer> next() {
        if (ends.passed() || System.currentTimeMillis() >= view.caller().actor().expires()) {
            return Future.succeededFuture(null);
        }
        if (!begun) {
            begun = true;
            return Future.succeededFuture(said("retry: " + RETRY_MS));
        }
        if (heartbeat.passed()) {
            return Future.succeededFuture(said(": keep-alive"));
        }
        if (!pause.passed()) {
            return vertx.timer(PAUSE_MS, TimeUnit.MILLISECONDS).map(v -> Buffer.buffer());
        }
        pause = Deadline.in(PAUSE_MS);
        return AuditLogStore.chainsSince(view, positions.floor()).compose(this::read);
    }

    /** A line, and the place from which a reader who comes back goes on: it counts also when no event has come. */
    private Buffer said(String line) {
        heartbeat = Deadline.in(pulse.heartbeatMs());
        return Buffer.buffer(line + "\nid: " + positions.newest() + "\n\n");
    }

    private Future<Buffer> read(List<ChainHead> heads) {
        List<ReadPositions.Stretch> behind = positions.behind(heads);
        if (behind.isEmpty()) {
            return pulse.alarm().sleep(vertx).map(v -> Buffer.buffer());
        }
        return ChainsReader.read(view, behind).map(page -> {
            positions.read(heads, page.last());
            return events(page.entries());
        });
    }

    private Buffer events(List<AuditEntry> entries) {
        Buffer events = Buffer.buffer();
        for (AuditEntry entry : entries) {
            events.appendString("id: " + entry.id() + "\nevent: audit\ndata: ")
                    .appendBytes(Json.bytes(entry))
                    .appendString("\n\n");
        }
        heartbeat = Deadline.in(pulse.heartbeatMs());
        return events;
    }
}
