package io.scaiwave.admin.local;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** How PostgreSQL, which refuses to run as root, is run all the same: what stands before its commands. */
record Unprivileged(List<String> prefix, boolean asNobody) {
    private static final int NOBODY = 65_534;
    private static final String CAPABILITY = "+dac_override";

    static Unprivileged detect() {
        boolean root = new UnixSystem().getUid() == 0;
        boolean nameless = System.getProperty("user.name", "?").equals("?"); // PostgreSQL refuses such a user too
        if (!root && !nameless) {
            return new Unprivileged(List.of(), false);
        }
        // In a user namespace without a mapping one is nobody, while the files stay one's own.
        if (works(List.of("unshare", "-U"))) {
            return new Unprivileged(List.of("unshare", "-U"), false);
        }
        // Containers forbid that as a rule. The capability lets nobody pass through folders such as /root.
        List<String> ids = List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
        List<String> passing = List.of("--inh-caps=" + CAPABILITY, "--ambient-caps=" + CAPABILITY);
        List<String> both = Stream.concat(ids.stream(), passing.stream()).toList();
        if (works(both)) {
            return new Unprivileged(both, true);
        }
        if (works(ids)) {
            return new Unprivileged(ids, true);
        }
        throw new IllegalStateException(
                "PostgreSQL does not run as root, and neither unshare nor setpriv (util-linux) works"
                        + " here: start this as a normal user");
    }

    void own(Path folder) {
        try {
            if (asNobody) {
                Files.setAttribute(folder, "unix:uid", NOBODY);
                Files.setAttribute(folder, "unix:gid", NOBODY);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot give " + folder + " to the user nobody", e);
        }
    }

    private static boolean works(List<String> prefix) {
        try {
            return Command.run(prefix, "true").status() == 0;
        } catch (UncheckedIOException notInstalled) {
            return false;
        }
    }
}
