package io.scaiwave.admin.audit.log;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Feature;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.bus.Stream;
import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Who changed what, when: a page of the audit log, newest first; the whole of it as an export; or what comes, live. */
public final class AuditLogVerticle extends Feature {
    private static final int LIMIT = 100;
    private static final String LIVE = "text/event-stream";
    private static final long LOOK_MS = 500;

    private static final DateTimeFormatter FILE_TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    static final Operation<AuditQuery, List<AuditEntry>> LIST = new Operation<>("listAudit", AuditQuery.class);

    private final Database database;
    private final AuditTrail trail;
    private final StreamLimits limits;
    private final long heartbeatMs;
    private final Alarm alarm = new Alarm();

    /** @param heartbeatMs after so long without an event a live stream says that it lives */
    public AuditLogVerticle(Database database, AuditTrail trail, StreamLimits limits, long heartbeatMs) {
        this.database = database;
        this.trail = trail;
        this.limits = limits;
        this.heartbeatMs = heartbeatMs;
    }

    @Override
    protected void listen() {
        serve(LIST, this::answer);
        AuditTrail.LOGGED.subscribe(vertx.eventBus(), alarm::ring);
        // For what other nodes log.
        vertx.setPeriodic(LOOK_MS, timer -> alarm.ring());
    }

    private Future<Reply<List<AuditEntry>>> answer(Caller caller, AuditQuery query) {
        String mediaType = caller.request().mediaType();
        if (LIVE.equals(mediaType)) {
            return follow(LogView.ofStream(database, caller, query));
        }
        for (ExportFormat format : ExportFormat.values()) {
            if (format.mediaType.equals(mediaType)) {
                return export(LogView.ofStream(database, caller, query), format);
            }
        }
        return list(LogView.ofPage(database, caller, query));
    }

    private static Future<Reply<List<AuditEntry>>> list(LogView view) {
        AuditQuery query = view.query();
        int limit = query.limit() == null ? LIMIT : query.limit();
        return PageReader.read(view, Cursor.decoded(query.cursor()), limit).map(page -> reply(page, limit));
    }

    private static Reply<List<AuditEntry>> reply(PageReader.Page page, int limit) {
        UUID reached = page.reached();
        return Reply.of(page.entries())
                .with("limit", limit)
                .with("next_cursor", reached == null ? null : Cursor.encoded(reached))
                .with("has_more", reached != null);
    }

    private Future<Reply<List<AuditEntry>>> export(LogView view, ExportFormat format) {
        refusePaging(view.query());
        ExportRecord record = ExportRecord.of(view.caller());
        String file = "audit-%s-%s.%s".formatted(record.fileName(), FILE_TIME.format(Instant.now()), format.extension);
        Runnable close = limits.take(view.caller());
        AuditExport export = new AuditExport(view, format, limits);
        return recorded(view, format.extension)
                .map(v -> Reply.<List<AuditEntry>>streamed(new Stream(file, false, export::next, close)))
                .onFailure(e -> close.run());
    }

    private Future<Reply<List<AuditEntry>>> follow(LogView view) {
        refusePaging(view.query());
        Runnable close = limits.take(view.caller());
        return AuditTail.open(vertx, view, new AuditTail.Pulse(alarm, heartbeatMs))
                .compose(tail -> recorded(view, "event-stream").map(tail))
                .map(tail -> Reply.<List<AuditEntry>>streamed(new Stream(null, true, tail::next, close)))
                .onFailure(e -> close.run());
    }

    /** What is handed out in one piece is on record before its first byte. */
    private Future<Void> recorded(LogView view, String format) {
        Caller caller = view.caller();
        ExportRecord record = ExportRecord.of(caller);
        return trail.record(
                        caller.actor(), caller.request().origin(), record.chain(), record.export(view.query(), format))
                .recover(e -> Future.failedFuture(
                        e instanceof Failure ? e : Failure.unavailable("the export cannot be put on record")));
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
}
