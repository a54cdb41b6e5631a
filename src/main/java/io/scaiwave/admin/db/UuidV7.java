package io.scaiwave.admin.db;

import java.security.SecureRandom;
import java.util.UUID;

/** UUIDs of version 7 (RFC 9562): a millisecond and randomness, so that their order is that of their making. */
public final class UuidV7 {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    /** The least of all UUIDs. */
    public static final UUID NIL = new UUID(0, 0);

    private UuidV7() {}

    public static UUID next() {
        return of(System.currentTimeMillis());
    }

    /** One of that time that is greater than the last, also when the clock has stood still or gone back. */
    public static UUID after(UUID last, long millis) {
        UUID fresh = of(millis);
        if (compare(fresh, last) > 0) {
            return fresh;
        }
        // The 12 bits behind the millisecond count up; when they are full, the next millisecond is borrowed.
        long sortable = ((last.getMostSignificantBits() >>> 16 << 12) | (last.getMostSignificantBits() & 0xFFF)) + 1;
        return new UUID((sortable >>> 12 << 16) | 0x7000 | (sortable & 0xFFF), fresh.getLeastSignificantBits());
    }

    private static UUID of(long millis) {
        return new UUID(millis << 16 | 0x7000 | RANDOM.nextInt(0x1000), VARIANT | RANDOM.nextLong() >>> 2);
    }

    /** The least one of the time that lies so long before another's. */
    public static UUID before(UUID id, long millis) {
        return new UUID(Math.max(0, millis(id) - millis) << 16 | 0x7000, VARIANT);
    }

    /** When it was made, by its own account. */
    public static long millis(UUID id) {
        return id.getMostSignificantBits() >>> 16;
    }

    public static UUID greater(UUID a, UUID b) {
        return compare(a, b) > 0 ? a : b;
    }

    /** As PostgreSQL orders them, by unsigned bytes; {@link UUID#compareTo} is signed. */
    public static int compare(UUID a, UUID b) {
        int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
    }
}
