package io.scaiwave.admin.audit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import org.erdtman.jcs.NumberToJSON;

/**
 * The canonical form of JSON (RFC 8785): members sorted by their UTF-16 code units, no white space, one way to write each text and
 * number. The library reads and sorts text and is an order of magnitude slower, which a log of a million entries feels; the numbers
 * with a fraction, which are the hard part, are the library's all the same.
 */
final class CanonicalJson {
    /** Integers up to here are written alike as integers and as the doubles that the canonical form knows. */
    private static final long INTEGER_MAX = 1L << 53;

    private static final char FIRST_PRINTABLE = ' ';

    private final StringBuilder out = new StringBuilder(1024);

    private CanonicalJson() {}

    /**
     * The UTF-8 bytes of the canonical form.
     *
     * @param value maps, collections, texts, numbers, booleans and null, or Vert.x's JSON of these
     * @throws IllegalArgumentException for what has no canonical form: a number that no double holds, half a surrogate pair
     */
    static byte[] bytes(Object value) {
        CanonicalJson json = new CanonicalJson();
        json.write(value);
        return json.out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The same of an object without one of its members. */
    static byte[] bytesWithout(String member, Map<String, Object> object) {
        CanonicalJson json = new CanonicalJson();
        json.writeObject(object, member);
        return json.out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void write(Object value) {
        if (value instanceof String text) {
            writeText(text);
        } else if (value instanceof Map<?, ?> map) {
            writeObject(map, null);
        } else if (value instanceof JsonObject object) {
            writeObject(object.getMap(), null);
        } else if (value instanceof Collection<?> list) {
            writeArray(list);
        } else if (value instanceof JsonArray array) {
            writeArray(array.getList());
        } else if (value instanceof Number number) {
            writeNumber(number);
        } else if (value == null || value instanceof Boolean) {
            out.append(value);
        } else {
            throw new IllegalArgumentException("not JSON: " + value.getClass());
        }
    }

    private void writeObject(Map<?, ?> map, String left) {
        String[] names = map.keySet().toArray(new String[0]);
        Arrays.sort(names); // by UTF-16 code units, as RFC 8785 wants it
        out.append('{');
        String separator = "";
        for (String name : names) {
            if (!name.equals(left)) {
                out.append(separator);
                writeText(name);
                out.append(':');
                write(map.get(name));
                separator = ",";
            }
        }
        out.append('}');
    }

    private void writeArray(Collection<?> list) {
        out.append('[');
        Iterator<?> items = list.iterator();
        while (items.hasNext()) {
            write(items.next());
            if (items.hasNext()) {
                out.append(',');
            }
        }
        out.append(']');
    }

    private void writeNumber(Number number) {
        boolean whole = number instanceof Long || number instanceof Integer || number instanceof Short;
        if (whole && Math.abs(number.longValue()) <= INTEGER_MAX) {
            out.append(number.longValue());
            return;
        }
        try {
            out.append(NumberToJSON.serializeNumber(number.doubleValue()));
        } catch (IOException e) {
            throw new IllegalArgumentException("a number that has no canonical form: " + number, e);
        }
    }

    /** What needs no escape, which is nearly all, is appended in one piece. */
    private void writeText(String text) {
        out.append('"');
        int written = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < FIRST_PRINTABLE || c == '"' || c == '\\') {
                out.append(text, written, i);
                writeEscaped(c);
                written = i + 1;
            } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                if (!Character.isSurrogatePair(c, i + 1 < text.length() ? text.charAt(i + 1) : 0)) {
                    throw new IllegalArgumentException("half a surrogate pair");
                }
                i++;
            }
        }
        out.append(text, written, text.length()).append('"');
    }

    private void writeEscaped(char c) {
        switch (c) {
            case '"', '\\' -> out.append('\\').append(c);
            case '\b' -> out.append("\\b");
            case '\t' -> out.append("\\t");
            case '\n' -> out.append("\\n");
            case '\f' -> out.append("\\f");
            case '\r' -> out.append("\\r");
            default -> out.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
        }
    }
}
