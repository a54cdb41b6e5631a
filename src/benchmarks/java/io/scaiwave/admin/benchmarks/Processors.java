package io.scaiwave.admin.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;

/** What Linux says of a process: the processors' time that it had. 0 elsewhere. */
final class Processors {
    private static final double TICKS_PER_SECOND = 100;
    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final int CUTIME = 13;
    private static final int CSTIME = 14;

    private Processors() {}

    /** Seconds of a process alone. */
    static double seconds(long pid) {
        return ticks(pid, UTIME, STIME) / TICKS_PER_SECOND;
    }

    /** Seconds of a process, its children, and those of them that have ended. */
    static double secondsOfAll(long pid) {
        long children = ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::children)
                .mapToLong(child -> ticks(child.pid(), UTIME, STIME))
                .sum();
        return (children + ticks(pid, UTIME, STIME, CUTIME, CSTIME)) / TICKS_PER_SECOND;
    }

    private static long ticks(long pid, int... fields) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] rest = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return LongStream.of(java.util.Arrays.stream(fields).asLongStream().toArray())
                    .map(field -> Long.parseLong(rest[(int) field]))
                    .sum();
        } catch (IOException gone) {
            return 0;
        }
    }
}
