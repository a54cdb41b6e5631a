package io.scaiwave.admin.audit.log;

import io.scaiwave.admin.bus.Failure;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What parses the cursor of the audit list. */
public final class CursorTarget {
    private CursorTarget() {}

    public static void cursor(byte[] data) {
        try {
            UUID id = Cursor.decoded(new String(data, StandardCharsets.UTF_8));
            if (id != null && !id.equals(Cursor.decoded(Cursor.encoded(id)))) {
                throw new AssertionError("a cursor that means another entry");
            }
        } catch (Failure e) {
            // no cursor
        }
    }
}
