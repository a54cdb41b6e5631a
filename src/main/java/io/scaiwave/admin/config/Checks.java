package io.scaiwave.admin.config;

import io.scaiwave.admin.bus.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Collects what is wrong with the settings of one section, so that all of it can be said at once. */
final class Checks {
    private static final long MILLIS_MAX = TimeUnit.DAYS.toMillis(7);
    private static final int BYTES_MAX = 1 << 30;
    private static final Set<String> SCHEMES = Set.of("http", "https");

    private final String prefix;
    private final List<InvalidSetting.Fault> faults = new ArrayList<>();

    /** @param section as conf/server.yaml names it; empty for the settings outside of all sections */
    Checks(String section) {
        this.prefix = section.isEmpty() ? "" : section + ".";
    }

    Checks require(boolean condition, String setting, String problem) {
        if (!condition) {
            faults.add(new InvalidSetting.Fault(prefix + setting, problem));
        }
        return this;
    }

    Checks range(String setting, long value, long min, long max) {
        return require(value >= min, setting, "must be at least " + min)
                .require(value <= max, setting, "must be at most " + max);
    }

    Checks millis(String setting, long value) {
        return range(setting, value, 1, MILLIS_MAX);
    }

    Checks bytes(String setting, long value) {
        return range(setting, value, 1, BYTES_MAX);
    }

    Checks url(String setting, String url) {
        return require(isUrl(url), setting, "must be an http or https URL");
    }

    Checks urlUnlessEmpty(String setting, String url) {
        return url.isEmpty() ? this : url(setting, url);
    }

    private static boolean isUrl(String url) {
        try {
            URI uri = new URI(url);
            return uri.getHost() != null && uri.getScheme() != null && SCHEMES.contains(uri.getScheme());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** @param parsing throws InvalidSetting, with the setting's whole name, for what it cannot read */
    Checks parses(Runnable parsing) {
        try {
            parsing.run();
        } catch (InvalidSetting e) {
            faults.addAll(e.faults());
        }
        return this;
    }

    /** The same of a setting that need not be set. */
    Checks parsesUnlessEmpty(Secret value, Runnable parsing) {
        return value.value().isEmpty() ? this : parses(parsing);
    }

    /** @throws InvalidSetting with all that was wrong */
    void done() {
        if (!faults.isEmpty()) {
            throw new InvalidSetting(List.copyOf(faults));
        }
    }
}
