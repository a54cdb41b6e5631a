package io.scaiwave.admin.http;

/**
 * Whether the server takes requests. One that stops goes on serving for a while: readiness is refused, so that no proxy sends more,
 * and every reply asks for its connection to be closed, so that none is cut off with a request on its way.
 */
public final class Life {
    private enum State {
        STARTING,
        SERVING,
        STOPPING
    }

    private volatile State state = State.STARTING;

    public void serves() {
        state = State.SERVING;
    }

    public void stops() {
        state = State.STOPPING;
    }

    boolean isServing() {
        return state == State.SERVING;
    }

    boolean isStopping() {
        return state == State.STOPPING;
    }
}
