package io.scaiwave.admin.http;

/**
 * Whether the server has begun to stop. It goes on serving for a while: readiness is refused, so that no proxy sends more, and
 * every reply asks for its connection to be closed, so that none is cut off with a request on its way.
 */
public final class Stopping {
    private volatile boolean begun;

    public void begin() {
        begun = true;
    }

    boolean hasBegun() {
        return begun;
    }
}
