package io.scaiwave.admin.audit.verify;

import java.util.ArrayList;
import java.util.List;

/** Some whole lines; the last one of the file may lack its end. */
public final class Lines {
    private final byte[] bytes;
    private final int length;
    private final long firstLine;

    public Lines(byte[] bytes, int length, long firstLine) {
        this.bytes = bytes;
        this.length = length;
        this.firstLine = firstLine;
    }

    public interface Reader<T> {
        T read(byte[] bytes, int from, int length, String where);
    }

    /** What each line holds that is not blank. */
    public <T> List<T> read(Reader<T> reader) {
        List<T> found = new ArrayList<>();
        long line = firstLine;
        for (int from = 0; from < length; line++) {
            int to = end(bytes, from, length);
            if (!blank(from, to)) {
                found.add(reader.read(bytes, from, to - from, "line " + line));
            }
            from = to + 1;
        }
        return found;
    }

    private static int end(byte[] bytes, int from, int length) {
        int to = from;
        while (to < length && bytes[to] != '\n') {
            to++;
        }
        return to;
    }

    private boolean blank(int from, int to) {
        int at = from;
        while (at < to && bytes[at] <= ' ' && bytes[at] >= 0) {
            at++;
        }
        return at == to;
    }

    public long count() {
        long ends = 0;
        for (int at = end(bytes, 0, length); at < length; at = end(bytes, at + 1, length)) {
            ends++;
        }
        return ends;
    }
}
