package io.scaiwave.admin.stats;

/** What parses the records of the activity topic. */
public final class ActivityTarget {
    private ActivityTarget() {}

    public static void activity(byte[] data) {
        try {
            ActivityReader.read(data, 1_790_000_000_000L);
        } catch (Fields.Unreadable e) {
            // goes to the dead letters
        }
    }
}
