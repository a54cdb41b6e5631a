package io.scaiwave.admin.json;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.erdtman.jcs.NumberToJSON;
import org.jspecify.annotations.Nullable;

/**
 * The canonical form of JSON (RFC 8785): members sorted by their UTF-16 code units, no white space, one way to write each text and
 * number. The library reads and sorts text and is an order of magnitude slower, which a log of a million entries feels; the numbers
 * with a fraction, which are the hard part, are the library's all the same.
 */
public final class CanonicalJson {
    /** Integers up to here are written alike as integers and as the doubles that the canonical form knows. */
    private static final long INTEGER_MAX = 1L << 53;

    private static final char FIRST_PRINTABLE = ' ';

    private static final int ONE_BYTE_MAX = 0x7F;
    private static final int TWO_BYTES_MAX = 0x7FF;
    private static final int CHAR_BYTES_MAX = 6; // of an escape; UTF-8 takes 3, and 4 for two chars
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] out = new byte[2048];
    private int size;

    private CanonicalJson() {}

    /**
     * The UTF-8 bytes of the canonical form.
     *
     * @param value maps, collections, texts, numbers, booleans and null, or Vert.x's or PostgreSQL's JSON of these
     * @throws IllegalArgumentException for what has no canonical form: a number that no double holds, half a surrogate pair
     */
    public static byte[] bytes(@Nullable Object value) {
        CanonicalJson json = new CanonicalJson();
        json.write(value);
        return Arrays.copyOf(json.out, json.size);
    }

    /** The same of an object without one of its members. */
    public static byte[] bytesWithout(String member, Map<String, Object> object) {
        CanonicalJson json = new CanonicalJson();
        json.writeObject(object, member);
        return Arrays.copyOf(json.out, json.size);
    }

    private void write(@Nullable Object value) {
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
        } else if (value instanceof JsonText text) {
            writeObject(text);
        } else if (value instanceof Number number) {
            writeNumber(number);
        } else if (value == null || value instanceof Boolean) {
            writeAscii(String.valueOf(value));
        } else {
            throw new IllegalArgumentException("not JSON: " + value.getClass());
        }
    }

    private void writeObject(Map<?, ?> map, @Nullable String left) {
        String[] names = map.keySet().toArray(new String[0]);
        Arrays.sort(names); // by UTF-16 code units, as RFC 8785 wants it
        writeByte('{');
        boolean first = true;
        for (String name : names) {
            if (name.equals(left)) {
                continue;
            }
            if (!first) {
                writeByte(',');
            }
            first = false;
            writeText(name);
            writeByte(':');
            write(map.get(name));
        }
        writeByte('}');
    }

    private void writeObject(JsonText text) {
        byte[] bytes = text.text().getBytes(StandardCharsets.UTF_8);
        PlainMembers plain = PlainJson.read(bytes, 0, bytes.length);
        if (plain == null) {
            write(text.object());
        } else {
            write(plain.bytes());
        }
    }

    private void write(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, out, size, bytes.length);
        size += bytes.length;
    }

    private void writeArray(Collection<?> list) {
        writeByte('[');
        Iterator<?> items = list.iterator();
        while (items.hasNext()) {
            write(items.next());
            if (items.hasNext()) {
                writeByte(',');
            }
        }
        writeByte(']');
    }

    private void writeNumber(Number number) {
        boolean whole = number instanceof Long || number instanceof Integer || number instanceof Short;
        if (whole && number.longValue() >= -INTEGER_MAX && number.longValue() <= INTEGER_MAX) {
            writeAscii(Long.toString(number.longValue()));
            return;
        }
        try {
            writeAscii(NumberToJSON.serializeNumber(number.doubleValue()));
        } catch (IOException e) {
            throw new IllegalArgumentException("a number that has no canonical form: " + number, e);
        }
    }

    private void reserve(int bytes) {
        if (out.length - size < bytes) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, size + bytes));
        }
    }

    private void writeByte(char c) {
        reserve(1);
        out[size++] = (byte) c;
    }

    private void writeAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            writeByte(text.charAt(i));
        }
    }

    private void writeText(String text) {
        reserve(Math.multiplyExact(text.length(), CHAR_BYTES_MAX) + 2);
        out[size++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < FIRST_PRINTABLE || c == '"' || c == '\\') {
                writeEscaped(c);
            } else if (c <= ONE_BYTE_MAX) {
                out[size++] = (byte) c;
            } else if (Character.isSurrogate(c)) {
                writePair(c, i + 1 < text.length() ? text.charAt(i + 1) : 0);
                i++;
            } else {
                writeWide(c);
            }
        }
        out[size++] = '"';
    }

    private void writeWide(char c) {
        if (c <= TWO_BYTES_MAX) {
            out[size++] = (byte) (0xC0 | (c >> 6));
        } else {
            out[size++] = (byte) (0xE0 | (c >> 12));
            out[size++] = (byte) (0x80 | ((c >> 6) & 0x3F));
        }
        out[size++] = (byte) (0x80 | (c & 0x3F));
    }

    private void writePair(char high, char low) {
        if (!Character.isSurrogatePair(high, low)) {
            throw new IllegalArgumentException("half a surrogate pair");
        }
        int point = Character.toCodePoint(high, low);
        out[size++] = (byte) (0xF0 | (point >> 18));
        out[size++] = (byte) (0x80 | ((point >> 12) & 0x3F));
        out[size++] = (byte) (0x80 | ((point >> 6) & 0x3F));
        out[size++] = (byte) (0x80 | (point & 0x3F));
    }

    private void writeEscaped(char c) {
        out[size++] = '\\';
        switch (c) {
            case '"', '\\' -> out[size++] = (byte) c;
            case '\b' -> out[size++] = 'b';
            case '\t' -> out[size++] = 't';
            case '\n' -> out[size++] = 'n';
            case '\f' -> out[size++] = 'f';
            case '\r' -> out[size++] = 'r';
            default -> {
                out[size++] = 'u';
                out[size++] = '0';
                out[size++] = '0';
                out[size++] = HEX[c >> 4];
                out[size++] = HEX[c & 0xF];
            }
        }
    }
}
