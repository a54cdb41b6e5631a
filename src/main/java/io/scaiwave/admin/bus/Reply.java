package io.scaiwave.admin.bus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an operation answers.
 *
 * @param data the resource, or the list
 * @param meta what is said about the data; empty for a single resource
 * @param created whether the call made the resource
 * @param version the resource's version, which becomes its ETag; null where it has none
 */
public record Reply<R>(R data, Map<String, Object> meta, boolean created, Long version) {

    public static <R> Reply<R> of(R data) {
        return new Reply<>(data, Map.of(), false, null);
    }

    public static <R> Reply<R> of(R data, long version) {
        return new Reply<>(data, Map.of(), false, version);
    }

    public static <R> Reply<R> created(R data, Long version) {
        return new Reply<>(data, Map.of(), true, version);
    }

    public static <T> Reply<List<T>> page(List<T> items, long total, int limit, int offset) {
        return of(items).with("total", total).with("limit", limit).with("offset", offset);
    }

    /** The page of a list that is held whole. */
    public static <T> Reply<List<T>> pageOf(List<T> all, int limit, int offset) {
        return page(all.stream().skip(offset).limit(limit).toList(), all.size(), limit, offset);
    }

    public Reply<R> with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(meta);
        more.put(name, value);
        return new Reply<>(data, more, created, version);
    }
}
