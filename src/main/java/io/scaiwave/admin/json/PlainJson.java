package io.scaiwave.admin.json;

import org.jspecify.annotations.Nullable;

/**
 * The canonical form (RFC 8785) of an object, cut from its own bytes: no maps, no texts. Only where that takes no thought: numbers
 * of up to 15 digits without an exponent, the short escapes, members named in printable ASCII. What is not plain is left to {@link CanonicalJson},
 * which gives the same bytes and is several times slower.
 */
public final class PlainJson {
    private static final int LENGTH_MAX = 1 << 16;
    private static final int DEPTH_MAX = 32;
    private static final int DIGITS_MAX = 15; // a double holds any so many
    private static final int FRACTION_MAX = 1 + 6; // with its point; more may be written with an exponent
    private static final String SHORT_ESCAPES = "\"\\bfnrt";
    private static final ThreadLocal<PlainJson> READER = ThreadLocal.withInitial(PlainJson::new);

    private byte[] in = {};
    private int at;
    private int end;
    private int depth;
    private boolean asItIs; // the last text: it sorts by its bytes
    private final PlainMembers out = new PlainMembers();

    private PlainJson() {}

    /**
     * Reads an object, with white space around it.
     *
     * @return the members, until this thread reads another; null when it is not plain, or no object at all
     */
    public static @Nullable PlainMembers read(byte[] bytes, int from, int length) {
        return length > LENGTH_MAX ? null : READER.get().members(bytes, from, length);
    }

    private @Nullable PlainMembers members(byte[] bytes, int from, int length) {
        in = bytes;
        at = from;
        end = from + length;
        depth = 0;
        out.clear(length); // the canonical form is never longer than what it is cut from
        boolean plain = object() && peek() == 0 && at == end;
        return plain ? out : null;
    }

    /** The next byte that is no white space; 0 at the end. */
    private byte peek() {
        while (at < end) {
            byte next = in[at];
            if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
                return next;
            }
            at++;
        }
        return 0;
    }

    /** Takes the next byte when it is this one. */
    private boolean take(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        at++;
        out.put(wanted);
        return true;
    }

    private boolean value() {
        return switch (peek()) {
            case '"' -> text();
            case '{' -> object();
            case '[' -> array();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        };
    }

    private boolean object() {
        if (++depth > DEPTH_MAX || !take('{')) {
            return false;
        }
        int first = out.count();
        int brace = out.size() - 1;
        if (!take('}')) {
            do {
                if (!member(first)) {
                    return false;
                }
            } while (take(','));
            if (!take('}')) {
                return false;
            }
        }
        out.sort(first, brace);
        if (--depth > 0) {
            out.forget(first);
        }
        return true;
    }

    private boolean member(int first) {
        int start = out.size();
        if (peek() != '"' || !text() || !asItIs) {
            return false;
        }
        int nameEnd = out.size() - 1;
        return take(':') && value() && out.add(first, start, nameEnd);
    }

    private boolean array() {
        if (++depth > DEPTH_MAX) {
            return false;
        }
        take('[');
        if (!take(']')) {
            do {
                if (!value()) {
                    return false;
                }
            } while (take(','));
            if (!take(']')) {
                return false;
            }
        }
        depth--;
        return true;
    }

    private boolean text() {
        int from = at;
        boolean ascii = true;
        boolean escapes = false;
        for (at = ordinary(from + 1); at < end; at = ordinary(at)) {
            byte next = in[at++];
            if (next == '"') {
                out.copy(in, from, at);
                asItIs = ascii && !escapes;
                return ascii || Utf8.isText(in, from, at - from);
            }
            if (next == '\\') {
                escapes = true;
                if (at == end || SHORT_ESCAPES.indexOf(in[at++]) < 0) {
                    return false;
                }
            } else if (next < 0) {
                ascii = false;
            } else {
                return false;
            }
        }
        return false;
    }

    /** Where, from there on, a text has the first byte that is more than a character of ASCII. */
    private int ordinary(int from) {
        byte[] bytes = in; // not a field: the loop is most of the work
        int to = end;
        int i = from;
        while (i < to && bytes[i] >= ' ' && bytes[i] != '"' && bytes[i] != '\\') {
            i++;
        }
        return i;
    }

    private boolean number() {
        int from = at;
        if (at < end && in[at] == '-') {
            at++;
        }
        int first = at;
        int whole = digits();
        if (whole == 0 || (whole > 1 && in[first] == '0')) {
            return false;
        }
        int to = at;
        if (at < end && in[at] == '.') {
            at++;
            if (digits() == 0) {
                return false;
            }
            to = withoutZeros(at);
        }
        boolean zero = in[first] == '0' && to == first + 1;
        if (to - first > DIGITS_MAX || to - first - whole > FRACTION_MAX || (zero && first > from)) {
            return false;
        }
        out.copy(in, from, to);
        return true;
    }

    /** Where a fraction that ends there ends when nothing is written for nothing: 1.50 is 1.5, and 1.0 is 1. */
    private int withoutZeros(int fractionEnd) {
        int to = fractionEnd;
        while (in[to - 1] == '0') {
            to--;
        }
        return in[to - 1] == '.' ? to - 1 : to;
    }

    private int digits() {
        int from = at;
        while (at < end && in[at] >= '0' && in[at] <= '9') {
            at++;
        }
        return at - from;
    }

    private boolean literal(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at == end || in[at++] != word.charAt(i)) {
                return false;
            }
        }
        out.copy(in, at - word.length(), at);
        return true;
    }
}
