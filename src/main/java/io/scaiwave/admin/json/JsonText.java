package io.scaiwave.admin.json;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import io.vertx.core.json.JsonObject;

/** A JSON object as PostgreSQL has written it: served without being read, and read where its members count. */
public record JsonText(@JsonRawValue @JsonValue String text) {

    public static JsonText of(JsonObject object) {
        return new JsonText(object.encode());
    }

    public JsonObject object() {
        return new JsonObject(text);
    }
}
