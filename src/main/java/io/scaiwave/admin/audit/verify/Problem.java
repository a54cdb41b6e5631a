package io.scaiwave.admin.audit.verify;

/** What is wrong with a chain, and where it begins. */
public record Problem(String chain, long seq, String reason) {
    @Override
    public String toString() {
        return chain + ", seq " + seq + ": " + reason;
    }
}
