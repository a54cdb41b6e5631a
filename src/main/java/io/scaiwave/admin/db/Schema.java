package io.scaiwave.admin.db;

/**
 * The schema that a database has.
 *
 * @param version the number of the newest migration that was applied; 0 for none
 * @param floor the lowest {@link #VERSION} that can work on it; 0 when it does not say
 */
public record Schema(int version, int floor) {
    /** The schema that this version was written for: the number of the newest migration in the jar. */
    public static final int VERSION = 19;

    private static final int POSTGRES_MIN = 18;

    /** @throws UnfitDatabase when that major version of PostgreSQL is too old */
    public static void requirePostgres(int major) {
        if (major < POSTGRES_MIN) {
            throw new UnfitDatabase(
                    "PostgreSQL %d is too old: PostgreSQL %d or newer is needed".formatted(major, POSTGRES_MIN));
        }
    }

    String words() {
        if (version == 0) {
            return "there is no schema, or none that the server's role may see";
        }
        return "the schema is at version " + version;
    }

    public boolean isBehind() {
        return version < VERSION;
    }

    public boolean isNewer() {
        return version > VERSION;
    }

    /** @throws UnfitDatabase when it is too new for this version */
    public void requireOpen() {
        if (floor > VERSION) {
            throw new UnfitDatabase(
                    "the schema is at version %d and closed to servers below version %d; this one is of version %d: "
                                    .formatted(version, floor, VERSION)
                            + "run the newer release");
        }
    }
}
