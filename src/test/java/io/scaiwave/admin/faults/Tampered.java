package io.scaiwave.admin.faults;

/** Fault 6. */
final class Tampered {
    private Tampered() {}

    static Report run() {
        Report report = new Report("6 log tampered with", "as superuser");
        report.violated("the verify verb is missing");
        return report.end();
    }
}
