package io.scaiwave.admin.audit.verify;

import io.scaiwave.admin.json.JsonText;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Entries that were lost in a restore, as an entry of their chain says: the verb recover was told to go on without them. */
record Lost(long from, long to) {
    static final String ACTION = "audit.recover";

    /** @return null when the entry says nothing of the kind */
    static @Nullable Lost saidBy(Map<String, Object> entry) {
        if (ACTION.equals(entry.get("action"))
                && changes(entry).get("after") instanceof Map<?, ?> after
                && after.get("lost") instanceof Map<?, ?> lost
                && lost.get("from") instanceof Number from
                && lost.get("to") instanceof Number to) {
            return new Lost(from.longValue(), to.longValue());
        }
        return null;
    }

    /** As a map, wherever the entry was read from. */
    private static Map<?, ?> changes(Map<String, Object> entry) {
        Object changes = entry.get("changes");
        if (changes instanceof JsonText json) {
            return json.object().getMap();
        }
        return changes instanceof Map<?, ?> map ? map : Map.of();
    }
}
