package io.scaiwave.admin.faults;

import io.scaiwave.admin.testing.Wait;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Fault 10: one of two nodes has a clock that is an hour ahead, by libfaketime. */
final class WrongClock {
    private static final long LOAD_MS = 10_000;
    private static final String OF_THE_FUTURE =
            "SELECT count(*) FROM audit_log WHERE created_at > now() + interval '1 minute'";

    private WrongClock() {}

    /** @param library the path of libfaketime; empty where there is none */
    static Report run(String library) {
        Report report = new Report("10 clock of a node", "an hour ahead on one of two nodes, 16 clients");
        if (library.isEmpty() || !Files.exists(Path.of(library))) {
            report.skipped("libfaketime is not there: give its path as faketime=/path/of/libfaketime.so.1");
            return report.end();
        }
        try (Stage stage = Stage.start(1)) {
            Map<String, String> environment = stage.platform.environment();
            environment.putAll(Map.of("LD_PRELOAD", library, "FAKETIME", "+1h", "FAKETIME_DONT_FAKE_MONOTONIC", "1"));
            Load load = Load.closed(stage.clients());
            try (load;
                    Node wrong = new Node(environment)) {
                wrong.start();
                Wait.pause(LOAD_MS);
            }
            report.none("entries of the future", stage.number(OF_THE_FUTURE));
            AuditCheck.check(stage, report);
        }
        return report.end();
    }
}
