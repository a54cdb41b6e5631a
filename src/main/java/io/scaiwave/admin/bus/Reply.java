package io.scaiwave.admin.bus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operation answers: data, or the same data as a stream in the other media type that the client prefers.
 *
 * @param data the resource, or the list; null where the stream is the answer
 * @param meta what is said about the data; empty for a single resource
 * @param created whether the call made the resource
 * @param version the resource's version, which becomes its ETag
 */
public record Reply<R>(
        @Nullable R data,
        Map<String, Object> meta,
        boolean created,
        @Nullable Long version,
        @Nullable Stream stream) {

    public static <R> Reply<R> of(R data) {
        return kept(data, false, null);
    }

    public static <R> Reply<R> of(R data, long version) {
        return kept(data, false, version);
    }

    public static <R> Reply<R> created(R data, @Nullable Long version) {
        return kept(data, true, version);
    }

    /** One that was given before. */
    public static <R> Reply<R> kept(R data, boolean created, @Nullable Long version) {
        return new Reply<>(data, Map.of(), created, version, null);
    }

    public static <R> Reply<R> streamed(Stream stream) {
        return new Reply<>(null, Map.of(), false, null, stream);
    }

    public static <T> Reply<List<T>> page(List<T> items, long total, int limit, int offset) {
        return of(items).with("total", total).with("limit", limit).with("offset", offset);
    }

    /** The page of a list that is held whole. */
    public static <T> Reply<List<T>> pageOf(List<T> all, int limit, int offset) {
        return page(all.stream().skip(offset).limit(limit).toList(), all.size(), limit, offset);
    }

    public Reply<R> with(String name, @Nullable Object value) {
        Map<String, Object> more = new LinkedHashMap<>(meta);
        more.put(name, value);
        return new Reply<>(data, more, created, version, stream);
    }
}
