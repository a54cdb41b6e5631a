package io.scaiwave.admin.settings;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Feature;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.bus.Patch;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;

/** The tenant's note processing: which model titles, tags and sorts notes. */
public final class NoteProcessingVerticle extends Feature {
    record Get() {}

    record Put(Patch body) {}

    static final Operation<Get, NoteProcessing> GET = new Operation<>("getNoteProcessing", Get.class);
    static final Operation<Put, NoteProcessing> PUT = new Operation<>("updateNoteProcessing", Put.class);

    private final Database database;
    private final AuditTrail trail;

    public NoteProcessingVerticle(Database database, AuditTrail trail) {
        this.database = database;
        this.trail = trail;
    }

    @Override
    protected void listen() {
        serve(GET, this::get);
        serve(PUT, this::put);
    }

    private Future<Reply<NoteProcessing>> get(Caller caller, Get query) {
        return NoteProcessingStore.read(database, caller.tenant().id());
    }

    private Future<Reply<NoteProcessing>> put(Caller caller, Put put) {
        return NoteProcessingStore.update(trail, caller, put.body);
    }
}
