package io.scaiwave.admin.audit.relay;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wrong with the audit trail as this node sees it, besides its backlog, in words for whoever reads health. */
public final class TrailHealth {
    private static final Logger LOG = LoggerFactory.getLogger(TrailHealth.class);

    private final Map<String, String> problems = new ConcurrentSkipListMap<>();

    /**
     * Says it in health until it is over, and in the log once.
     *
     * @param problem null: there is none, or no longer
     */
    void say(String part, @Nullable String problem) {
        if (problem == null) {
            problems.remove(part);
        } else if (!problem.equals(problems.put(part, problem))) {
            LOG.warn("the audit trail is degraded: {}", problem);
        }
    }

    /** In words, by the part that they are of. */
    public Map<String, String> problems() {
        return new TreeMap<>(problems);
    }
}
