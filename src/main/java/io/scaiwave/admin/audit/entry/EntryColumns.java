package io.scaiwave.admin.audit.entry;

import io.scaiwave.admin.json.JsonText;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The columns of an entry by their names, whichever client read them: the server's or, in a command-line verb, JDBC. */
public interface EntryColumns {
    String text(String column);

    @Nullable
    String textOrNull(String column);

    UUID uuid(String column);

    @Nullable
    UUID uuidOrNull(String column);

    long number(String column);

    OffsetDateTime time(String column);

    JsonText json(String column);
}
