package io.scaiwave.admin.faults;

import io.scaiwave.admin.local.FreePort;
import io.scaiwave.admin.testing.ServerProcess;

import java.util.LinkedHashMap;
import java.util.Map;

/** A server on a port that stays its own, however often its process is killed. */
final class Node implements AutoCloseable {
    final int port = FreePort.find();
    private final Map<String, String> environment;
    private ServerProcess process;

    Node(Map<String, String> environment) {
        this.environment = new LinkedHashMap<>(environment);
        this.environment.put("SCAIWAVE_HTTP_PORT", Integer.toString(port));
    }

    /** Returns at once, while it starts. */
    void launch() {
        process = ServerProcess.launch(environment);
    }

    void awaitListening() {
        process.awaitListening();
    }

    Node start() {
        launch();
        awaitListening();
        return this;
    }

    long pid() {
        return process.pid();
    }

    /** By SIGKILL. */
    void kill() {
        process.close();
    }

    /** By SIGTERM; gives the exit status. */
    int stop() {
        int status = process.stop();
        process.close();
        return status;
    }

    /** By SIGSTOP. */
    void freeze() {
        process.pause();
    }

    void wake() {
        process.resume();
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
