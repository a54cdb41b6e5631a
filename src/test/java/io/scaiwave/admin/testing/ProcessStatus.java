package io.scaiwave.admin.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux says of a process; 0 elsewhere. */
public final class ProcessStatus {
    private static final long KIB = 1_024;

    private ProcessStatus() {}

    /** The memory that is resident, in MiB. */
    public static long mib(long pid) {
        return number(pid, "VmRSS:") / KIB;
    }

    public static long threads(long pid) {
        return number(pid, "Threads:");
    }

    private static long number(long pid, String name) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
