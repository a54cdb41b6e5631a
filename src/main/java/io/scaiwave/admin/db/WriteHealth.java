package io.scaiwave.admin.db;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Whether changes have lately been refused by a database that is there but cannot store them: read-only, or out of room. */
final class WriteHealth {
    private static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicLong failedAt = new AtomicLong(NEVER);
    private volatile boolean outOfRoom;

    /** On a full disk some changes still find room in their tables' last pages: that says nothing of the next. */
    void succeeded() {
        if (!outOfRoom && failedAt.get() != NEVER) {
            failedAt.set(NEVER);
        }
    }

    void failed(Throwable e) {
        if (DatabaseFaults.refusesWrites(e)) {
            outOfRoom = !DatabaseFaults.readOnly(e);
            failedAt.set(System.nanoTime());
        }
    }

    /** Again after a while without a refusal: where nobody is sent, nothing succeeds. */
    boolean good() {
        long at = failedAt.get();
        return at == NEVER || System.nanoTime() - at > REMEMBERED_NANOS;
    }
}
