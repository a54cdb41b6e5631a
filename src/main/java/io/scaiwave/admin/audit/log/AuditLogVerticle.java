package io.scaiwave.admin.audit.log;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.audit.Occurrence;
import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Feature;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.bus.Stream;
import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** Who changed what, when: a page of the audit log, newest first; the whole of it as an export; or what comes, live. */
public final class AuditLogVerticle extends Feature {
    private static final int LIMIT = 100;
    private static final String LIVE = "text/event-stream";
    private static final long LOOK_MS = 500;

    private static final DateTimeFormatter FILE_TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** @param before null for the first page */
    record Page(UUID before, int limit) {}

    static final Operation<AuditQuery, Object> LIST = new Operation<>("listAudit", AuditQuery.class);

    private final Database database;
    private final AuditTrail trail;
    private final StreamLimits limits;
    private final Alarm alarm = new Alarm();

    public AuditLogVerticle(Database database, AuditTrail trail, StreamLimits limits) {
        this.database = database;
        this.trail = trail;
        this.limits = limits;
    }

    @Override
    protected void listen() {
        serve(LIST, this::answer);
        AuditTrail.LOGGED.subscribe(vertx.eventBus(), alarm::ring);
        // For what other nodes log.
        vertx.setPeriodic(LOOK_MS, timer -> alarm.ring());
    }

    private Future<Reply<Object>> answer(Caller caller, AuditQuery query) {
        String mediaType = caller.request().mediaType();
        if (LIVE.equals(mediaType)) {
            return follow(caller, query);
        }
        for (ExportFormat format : ExportFormat.values()) {
            if (format.mediaType.equals(mediaType)) {
                return export(caller, query, format);
            }
        }
        return list(caller, query);
    }

    private Future<Reply<Object>> list(Caller caller, AuditQuery query) {
        Page asked = new Page(
                query.cursor() == null ? null : decoded(query.cursor()), query.limit() == null ? LIMIT : query.limit());
        return AuditLogStore.page(database, caller, query, asked).map(found -> {
            boolean more = found.size() > asked.limit;
            List<AuditEntry> page = more ? found.subList(0, asked.limit) : found;
            return Reply.<Object>of(page)
                    .with("limit", asked.limit)
                    .with(
                            "next_cursor",
                            more ? encoded(page.get(page.size() - 1).id()) : null)
                    .with("has_more", more);
        });
    }

    private Future<Reply<Object>> export(Caller caller, AuditQuery query, ExportFormat format) {
        refusePaging(query);
        ExportRecord scope = ExportRecord.of(caller);
        String file = "audit-%s-%s.%s".formatted(scope.fileName(), FILE_TIME.format(Instant.now()), format.extension);
        AuditExport export = new AuditExport(database, caller, query, format, limits);
        return streamed(
                caller,
                scope.export(query, format.extension),
                close -> Future.succeededFuture(new Stream(
                        format.mediaType,
                        Map.of("Content-Disposition", "attachment; filename=\"" + file + "\""),
                        false,
                        export::next,
                        close)));
    }

    private Future<Reply<Object>> follow(Caller caller, AuditQuery query) {
        refusePaging(query);
        return streamed(caller, ExportRecord.of(caller).export(query, "event-stream"), close -> AuditTail.open(
                        vertx, database, caller, query, alarm)
                // Not compressed and not held back: an event that waits in a buffer is not live.
                .map(tail -> new Stream(
                        LIVE,
                        Map.of("Content-Encoding", "identity", "X-Accel-Buffering", "no"),
                        true,
                        tail::next,
                        close)));
    }

    /** What is handed out in one piece is on record before its first byte. */
    private Future<Reply<Object>> streamed(
            Caller caller, Occurrence what, Function<Runnable, Future<Stream>> stream) {
        Runnable close = limits.take(caller);
        return stream.apply(close)
                .compose(opened -> trail.record(
                                caller.actor(),
                                caller.request(),
                                ExportRecord.of(caller).chain(),
                                what)
                        .recover(e -> Future.failedFuture(
                                e instanceof Failure ? e : Failure.unavailable("the export cannot be put on record")))
                        .map(Reply.<Object>of(opened)))
                .onFailure(e -> close.run());
    }

    private static void refusePaging(AuditQuery query) {
        List<Failure.Detail> faults = new ArrayList<>();
        if (query.limit() != null) {
            faults.add(new Failure.Detail("limit", "is for pages: this media type has none"));
        }
        if (query.cursor() != null) {
            faults.add(new Failure.Detail("cursor", "is for pages: this media type has none"));
        }
        if (!faults.isEmpty()) {
            throw Failure.invalid(faults);
        }
    }

    /** The cursor is the id of the last entry seen; new entries have greater ids and do not move it. */
    private static String encoded(UUID id) {
        byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static UUID decoded(String cursor) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
            if (bytes.remaining() == 2 * Long.BYTES) {
                return new UUID(bytes.getLong(), bytes.getLong());
            }
        } catch (IllegalArgumentException e) {
            // falls through: not base64url
        }
        throw Failure.invalid("cursor", "is not a next_cursor of this list");
    }
}
