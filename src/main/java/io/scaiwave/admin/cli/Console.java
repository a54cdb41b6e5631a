package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.verify.Unreadable;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Map;

/** What a verb has around it: the environment it was started in, what it reads, and where it writes. */
record Console(Map<String, String> environment, InputStream in, PrintWriter out, PrintWriter err) {

    /** @return the fallback for a variable that is not set, or is empty */
    String setting(String variable, String fallback) {
        String value = environment.get(variable);
        return value == null || value.isBlank() ? fallback : value.strip();
    }

    /** @throws Unreadable naming the option that would do as well */
    String needed(String given, String variable, String option) {
        String value = given == null || given.isBlank() ? setting(variable, "") : given.strip();
        if (value.isEmpty()) {
            throw new Unreadable(variable + " is not set, and " + option + " names none");
        }
        return value;
    }
}
