package io.scaiwave.admin.text;

import java.util.stream.Stream;

/** The form of a model's slug, as the contract's pattern has it; checked in linear time, however long and odd the text is. */
public final class Slug {
    private static final int LENGTH_MAX = 256;
    private static final int SEGMENTS_MAX = 8;
    private static final String MARKS = "._~:@+=,-";

    private Slug() {}

    public static boolean isValid(String text) {
        if (text.length() > LENGTH_MAX) {
            return false;
        }
        String[] segments = text.split("/", SEGMENTS_MAX + 1);
        return segments.length <= SEGMENTS_MAX && Stream.of(segments).allMatch(Slug::isSegment);
    }

    private static boolean isSegment(String text) {
        return !text.isEmpty()
                && !text.equals(".")
                && !text.equals("..")
                && text.chars().allMatch(Slug::isAllowed);
    }

    private static boolean isAllowed(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || MARKS.indexOf(c) >= 0;
    }
}
