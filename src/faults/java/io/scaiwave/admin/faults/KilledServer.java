package io.scaiwave.admin.faults;

import io.scaiwave.admin.testing.Wait;
import java.util.concurrent.ThreadLocalRandom;

/** Fault 1: the server is killed with SIGKILL at random moments, some of them while it starts. */
final class KilledServer {
    private static final long SERVING_MS_MAX = 1_500;
    private static final int STARTING_EVERY = 8; // each so-manieth kill hits a server that starts
    private static final int TOLD_EVERY = 20;

    private KilledServer() {}

    static Report run(int kills) {
        Report report = new Report("1 server killed", kills + " SIGKILLs at random moments, 16 clients");
        try (Stage stage = Stage.start(1)) {
            Node node = stage.node(0);
            long startMs = 0;
            long starts = 0;
            int killedStarting = 0;
            Load load = Load.closed(stage.clients());
            try (load) {
                for (int kill = 1; kill <= kills; kill++) {
                    boolean starting = kill % STARTING_EVERY == 0;
                    if (!starting) {
                        Wait.pause(ThreadLocalRandom.current().nextLong(SERVING_MS_MAX));
                    }
                    node.kill();
                    long launched = System.nanoTime();
                    node.launch();
                    if ((kill + 1) % STARTING_EVERY == 0 && kill < kills && starts > 0) {
                        Wait.pause(ThreadLocalRandom.current().nextLong(startMs / starts));
                        killedStarting++;
                    } else {
                        node.awaitListening();
                        startMs += (System.nanoTime() - launched) / 1_000_000;
                        starts++;
                    }
                    if (kill % TOLD_EVERY == 0) {
                        report.progress(kill + " kills, " + stage.ledger.acknowledged() + " changes acknowledged");
                    }
                }
                Wait.pause(SERVING_MS_MAX);
            }
            report.figure("kills", kills);
            report.figure("of these while starting", killedStarting);
            report.figure("mean time to start", starts == 0 ? "-" : startMs / starts + " ms");
            AuditCheck.check(stage, report);
        }
        return report.end();
    }
}
