package io.scaiwave.admin.audit.verify;

import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Which entries of a chain were seen, and which each was: the first 16 bytes of its hash. About 17 bytes an entry. */
public final class Seen {
    private static final int PAGE = Long.SIZE;
    private static final int HALF = 16; // hexadecimal digits of a long

    private static final class Page {
        private long present;
        private final long[] hashes = new long[2 * PAGE];

        boolean has(long seq) {
            return (present >>> seq % PAGE & 1) == 1;
        }
    }

    private final Map<Long, Page> pages = new TreeMap<>();
    private long number = -1;
    private @Nullable Page page;

    /** Entries mostly come one after another, so the page at hand is mostly the right one. */
    private @Nullable Page page(long seq) {
        long wanted = seq / PAGE;
        if (wanted != number || page == null) {
            page = pages.get(wanted);
            number = wanted;
        }
        return page;
    }

    public void put(long seq, String hash) {
        Page at = page(seq);
        if (at == null) {
            at = new Page();
            pages.put(seq / PAGE, at);
        }
        int slot = (int) (seq % PAGE);
        at.present |= 1L << slot;
        at.hashes[2 * slot] = half(hash, 0);
        at.hashes[2 * slot + 1] = half(hash, HALF);
    }

    public boolean has(long seq) {
        Page at = page(seq);
        return at != null && at.has(seq);
    }

    public boolean is(long seq, String hash) {
        Page at = page(seq);
        int slot = (int) (seq % PAGE);
        return at != null
                && at.has(seq)
                && at.hashes[2 * slot] == half(hash, 0)
                && at.hashes[2 * slot + 1] == half(hash, HALF);
    }

    public boolean isEmpty() {
        return pages.values().stream().allMatch(at -> at.present == 0);
    }

    public void remove(long seq) {
        Page at = page(seq);
        if (at != null) {
            at.present &= ~(1L << seq % PAGE);
        }
    }

    /** In ascending order. */
    public void forEach(LongConsumer each) {
        pages.forEach((n, at) -> {
            for (long left = at.present; left != 0; left &= left - 1) {
                each.accept(n * PAGE + Long.numberOfTrailingZeros(left));
            }
        });
    }

    /** What is not hexadecimal is no hash either, and is told from one by its own. */
    private static long half(String hash, int from) {
        try {
            return HexFormat.fromHexDigitsToLong(hash, from, from + HALF);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return hash.hashCode();
        }
    }
}
