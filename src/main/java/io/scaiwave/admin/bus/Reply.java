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
 * @param creation whether the call made the resource, or repeats one that did
 * @param version the resource's version, as {@link Resource} names it, which becomes its ETag
 */
public record Reply<R>(
        @Nullable R data,
        Map<String, Object> meta,
        Creation creation,
        @Nullable String version,
        @Nullable Stream stream) {

    private enum Creation {
        NONE,
        NOW,
        BEFORE
    }

    public static <R> Reply<R> of(R data) {
        return new Reply<>(data, Map.of(), Creation.NONE, null, null);
    }

    public static <R> Reply<R> of(R data, String version) {
        return new Reply<>(data, Map.of(), Creation.NONE, version, null);
    }

    public static <R> Reply<R> created(R data, @Nullable String version) {
        return new Reply<>(data, Map.of(), Creation.NOW, version, null);
    }

    /** The reply to a creation once more. */
    public static <R> Reply<R> replayed(R data, @Nullable String version) {
        return new Reply<>(data, Map.of(), Creation.BEFORE, version, null);
    }

    public static <R> Reply<R> streamed(Stream stream) {
        return new Reply<>(null, Map.of(), Creation.NONE, null, stream);
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
        return new Reply<>(data, more, creation, version, stream);
    }

    /** The same of what was not kept, and so has no version that could be asked for. */
    public Reply<R> rehearsed() {
        return new Reply<>(data, meta, creation, null, stream);
    }

    /** Whether the resource is there by this call, or by the one that this one repeats. */
    public boolean created() {
        return creation != Creation.NONE;
    }

    public boolean replayed() {
        return creation == Creation.BEFORE;
    }
}
