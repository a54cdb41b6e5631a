package io.scaiwave.admin.models;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What parses a page of ScaiGrid's models. */
public final class CatalogTarget {
    private static final int MODELS_MAX = 100;

    private CatalogTarget() {}

    public static void catalog(byte[] data) {
        JsonObject page;
        try {
            page = new JsonObject(Buffer.buffer(data));
        } catch (DecodeException e) {
            return; // ScaiGrid counts as away
        }
        if (page.getValue("items") instanceof JsonArray items) {
            ModelRows rows = new ModelRows(MODELS_MAX);
            items.forEach(rows::add);
            if (rows.offer().models().size() > MODELS_MAX) {
                throw new AssertionError("more models than there may be");
            }
        }
    }
}
