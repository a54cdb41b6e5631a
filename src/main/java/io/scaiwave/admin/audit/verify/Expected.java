package io.scaiwave.admin.audit.verify;

/**
 * An entry that a chain must have, because someone says so who is not the log.
 *
 * @param by who says so, for a sentence
 */
public record Expected(String chain, long seq, String hash, Kind kind, String by) {
    public enum Kind {
        /** The chain had this entry, and may have gone on. */
        HEAD,
        /** Entries up to this one may have been dropped. */
        FLOOR,
        /** The chain ends with this entry. */
        END
    }
}
