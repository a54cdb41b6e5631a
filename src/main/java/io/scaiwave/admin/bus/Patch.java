package io.scaiwave.admin.bus;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a PUT that merges: it knows which fields were sent, and which of them as null. PostgreSQL merges it with
 * {@code jsonb_populate_record}, which keeps what is absent and clears what is null.
 */
public record Patch(JsonObject fields) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Patch of(Map<String, Object> fields) {
        Map<String, Object> narrowed = new LinkedHashMap<>(fields);
        narrowed.replaceAll((name, value) -> whole(value));
        return new Patch(new JsonObject(narrowed));
    }

    /** In JSON 25.0 is a whole number too; PostgreSQL takes it for none. */
    private static Object whole(Object value) {
        return value instanceof Double number && number == Math.rint(number) ? (Object) number.longValue() : value;
    }

    public boolean has(String name) {
        return fields.containsKey(name);
    }

    public @Nullable String text(String name) {
        return fields.getString(name);
    }

    /** The texts of a list that was sent; empty when it was not. */
    public List<String> texts(String name) {
        JsonArray list = fields.getJsonArray(name);
        return list == null ? List.of() : list.stream().map(String.class::cast).toList();
    }

    /** The object that was sent under a name; empty when it was not. */
    public JsonObject object(String name) {
        JsonObject sent = fields.getJsonObject(name);
        return sent == null ? new JsonObject() : sent;
    }

    public Patch with(String name, @Nullable Object value) {
        return new Patch(fields.copy().put(name, value));
    }

    public Patch without(String name) {
        JsonObject rest = fields.copy();
        rest.remove(name);
        return new Patch(rest);
    }
}
