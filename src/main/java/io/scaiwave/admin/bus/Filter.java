package io.scaiwave.admin.bus;

import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The filters of a list that is held whole; one that is null lets everything pass. */
public final class Filter {
    private Filter() {}

    public static boolean is(@Nullable Object wanted, Object value) {
        return wanted == null || wanted.equals(value);
    }

    /** Whether one of the texts contains the part, without regard to case. */
    public static boolean contains(@Nullable String part, String... texts) {
        return part == null || Stream.of(texts).anyMatch(text -> lower(text).contains(lower(part)));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
