package io.scaiwave.admin.faults;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** What the clients know: each change that was sent, by its request id, and what came of it. */
final class Ledger {
    /** What a client knows of a change. */
    enum Fate {
        /** Sent, and no answer that says whether it was made: it may be in the log or not. */
        IN_DOUBT,
        /** Confirmed: it must be in the log. */
        ACKNOWLEDGED,
        /** Confirmed, after one in doubt on the same switch: it changed something, or it was so already. */
        SO_ALREADY_PERHAPS,
        /** Refused: it must not be in the log. */
        REFUSED
    }

    private static final int COMPLAINTS_MAX = 10;

    private final Map<String, Fate> attempts = new ConcurrentHashMap<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final AtomicLong unavailable = new AtomicLong();
    private final AtomicLong complained = new AtomicLong();

    /** To be called before it is sent. */
    void sending(String requestId) {
        attempts.put(requestId, Fate.IN_DOUBT);
    }

    /** Nobody listened, so it was never sent. */
    void notSent(String requestId) {
        attempts.remove(requestId);
    }

    void outcome(String requestId, Fate fate) {
        attempts.put(requestId, fate);
    }

    /** A 503 as it should be. */
    void unavailable() {
        unavailable.incrementAndGet();
    }

    /** An answer that no client should get. */
    void complain(String answer) {
        complained.incrementAndGet();
        if (complaints.size() < COMPLAINTS_MAX) {
            complaints.add(answer);
        }
    }

    Map<String, Fate> attempts() {
        return attempts;
    }

    long count(Fate fate) {
        return attempts.values().stream().filter(fate::equals).count();
    }

    long acknowledged() {
        return count(Fate.ACKNOWLEDGED) + count(Fate.SO_ALREADY_PERHAPS);
    }

    void tell(Report report) {
        report.figure("changes attempted", attempts.size());
        report.figure("acknowledged", acknowledged());
        report.figure("in doubt (sent, no answer or 503)", count(Fate.IN_DOUBT));
        report.figure("answered 503 with Retry-After", unavailable.get());
        report.none("wrong answers", complained.get());
        complaints.forEach(report::violated);
    }
}
