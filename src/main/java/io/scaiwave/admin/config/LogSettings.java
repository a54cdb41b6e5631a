package io.scaiwave.admin.config;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The variables that conf/logback.xml reads by itself: what it does not know would leave a server without a log, or with too much of one. */
public final class LogSettings {
    private static final Pattern LEVELS = Pattern.compile("(?i)off|error|warn|info|debug|trace|all");

    private static final List<Setting> ALL = List.of(
            new Setting("SCAIWAVE_LOG_FORMAT", Pattern.compile("text|json"), "text", "must be text or json"),
            new Setting("SCAIWAVE_LOG", LEVELS, "INFO", "must be a log level, such as INFO or WARN"),
            new Setting("SCAIWAVE_ACCESS_LOG", LEVELS, "INFO", "must be a log level, such as INFO or WARN"));

    private record Setting(String variable, Pattern known, String otherwise, String problem) {
        /** An empty one is as good as none. */
        String value(Map<String, String> environment) {
            String value = environment.getOrDefault(variable, "").strip();
            return value.isEmpty() ? otherwise : value;
        }

        boolean isKnown(String value) {
            return known.matcher(value).matches();
        }
    }

    private LogSettings() {}

    /** Before the log is first used. What cannot be used does not reach it; {@link #require} is who says so. */
    public static void settle(Map<String, String> environment) {
        for (Setting setting : ALL) {
            String value = setting.value(environment);
            System.setProperty(setting.variable, setting.isKnown(value) ? value : setting.otherwise);
        }
    }

    /** @throws InvalidSetting naming one that cannot be used */
    public static void require(Map<String, String> environment) {
        for (Setting setting : ALL) {
            if (!setting.isKnown(setting.value(environment))) {
                throw new InvalidSetting(setting.variable, setting.problem);
            }
        }
    }
}
