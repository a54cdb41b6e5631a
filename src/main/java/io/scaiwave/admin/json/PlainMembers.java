package io.scaiwave.admin.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The members of an object that {@link PlainJson} has read, in the bytes of its canonical form. */
public final class PlainMembers {
    private static final int COUNT_MAX = 1_000; // of all objects that are open at once

    private byte[] out = {};
    private byte[] unsorted = {};
    private int size;
    private int count;
    // Of each member, in the order of the names: where it begins, its name ends with a quote, and its value ends.
    private final int[] starts = new int[COUNT_MAX];
    private final int[] nameEnds = new int[COUNT_MAX];
    private final int[] ends = new int[COUNT_MAX];

    PlainMembers() {}

    /** The place of a member; -1 without one. */
    public int find(byte[] name) {
        for (int i = 0; i < count; i++) {
            if (Arrays.equals(out, starts[i] + 1, nameEnds[i], name, 0, name.length)) {
                return i;
            }
        }
        return -1;
    }

    /** The member in that place when it is a text without escapes; else null. */
    public @Nullable String text(int place) {
        int from = nameEnds[place] + 2;
        int to = ends[place] - 1;
        if (out[from] != '"') {
            return null;
        }
        for (int i = from; i < to; i++) {
            if (out[i] == '\\') {
                return null;
            }
        }
        return new String(out, from + 1, to - from - 1, StandardCharsets.UTF_8);
    }

    /** The member in that place when it is a whole number above zero; else 0. */
    public long positive(int place) {
        long number = 0;
        for (int i = nameEnds[place] + 2; i < ends[place]; i++) {
            if (out[i] < '0' || out[i] > '9') {
                return 0;
            }
            number = 10 * number + out[i] - '0';
        }
        return number;
    }

    /** The canonical form. */
    public byte[] bytes() {
        return Arrays.copyOf(out, size);
    }

    /** The canonical form without the member in that place. */
    public byte[] without(int place) {
        int from = starts[place];
        int to = ends[place];
        if (out[to] == ',') {
            to++;
        } else if (out[from - 1] == ',') {
            from--;
        }
        byte[] rest = Arrays.copyOf(out, size - (to - from));
        System.arraycopy(out, to, rest, from, size - to);
        return rest;
    }

    void clear(int capacity) {
        size = 0;
        count = 0;
        if (out.length < capacity) {
            out = new byte[2 * capacity];
            unsorted = new byte[2 * capacity];
        }
    }

    int size() {
        return size;
    }

    int count() {
        return count;
    }

    /** Forgets the members of an object that is closed; its bytes stay. */
    void forget(int first) {
        count = first;
    }

    void put(char c) {
        out[size++] = (byte) c;
    }

    void copy(byte[] in, int from, int to) {
        System.arraycopy(in, from, out, size, to - from);
        size += to - from;
    }

    /** Takes what was written since then as a member of the object whose first is in that place; false: it has one of this name. */
    boolean add(int first, int start, int nameEnd) {
        int place = count;
        while (place > first) {
            int order = compare(place - 1, start, nameEnd);
            if (order < 0) {
                break;
            }
            if (order == 0) {
                return false;
            }
            place--;
        }
        if (count == COUNT_MAX) {
            return false;
        }
        insert(starts, place, start);
        insert(nameEnds, place, nameEnd);
        insert(ends, place, size);
        count++;
        return true;
    }

    /** By hand, because names differ in their first bytes. */
    private int compare(int place, int start, int nameEnd) {
        int one = starts[place];
        int other = start;
        byte[] bytes = out;
        // A name's end, its quote, is not looked at: it would sort behind a space.
        int common = Math.min(nameEnds[place] - one, nameEnd - other);
        for (int i = 1; i < common; i++) {
            int order = bytes[one + i] - bytes[other + i];
            if (order != 0) {
                return order;
            }
        }
        return (nameEnds[place] - one) - (nameEnd - other);
    }

    private void insert(int[] list, int place, int value) {
        System.arraycopy(list, place, list, place + 1, count - place);
        list[place] = value;
    }

    /** Puts the members of the object that has just been written, from that brace on, in the order of their names. */
    void sort(int first, int brace) {
        if (inOrder(first)) {
            return;
        }
        System.arraycopy(out, brace, unsorted, brace, size - brace);
        int to = brace + 1;
        for (int i = first; i < count; i++) {
            int length = ends[i] - starts[i];
            int moved = to - starts[i];
            System.arraycopy(unsorted, starts[i], out, to, length);
            starts[i] += moved;
            nameEnds[i] += moved;
            ends[i] += moved;
            to += length;
            out[to++] = (byte) (i + 1 < count ? ',' : '}');
        }
    }

    private boolean inOrder(int first) {
        for (int i = first + 1; i < count; i++) {
            if (starts[i] < starts[i - 1]) {
                return false;
            }
        }
        return true;
    }
}
