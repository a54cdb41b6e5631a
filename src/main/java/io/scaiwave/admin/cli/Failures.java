package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.verify.Unreadable;
import io.scaiwave.admin.config.InvalidSetting;
import io.scaiwave.admin.db.AbsentDatabase;
import io.scaiwave.admin.db.UnfitDatabase;
import io.scaiwave.admin.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.ParameterException;

/** How a verb that has no result says why: in a sentence, or as one JSON object, on standard error. */
record Failures(Console console, boolean json) {
    int ofArguments(ParameterException e) {
        if (json) {
            return tell(e.getCommandLine().getCommandName(), words(e));
        }
        console.err().println(e.getMessage());
        e.getCommandLine().usage(console.err());
        return ExitStatus.UNREADABLE;
    }

    int of(Exception e, String verb) {
        int status = tell(verb, sentence(e));
        return e instanceof Refusal ? ExitStatus.NOT_WHOLE : status;
    }

    private int tell(String verb, String message) {
        if (json) {
            console.err().println(Json.text(Map.of("error", Map.of("verb", verb, "message", message))));
        } else {
            console.err().println(verb + ": " + message);
        }
        return ExitStatus.UNREADABLE;
    }

    /** What failed, for an operator: no class names where the cause has words of its own. */
    private String sentence(Throwable e) {
        if (e instanceof InvalidSetting invalid) {
            return words(console.settings().named(invalid));
        }
        if (e instanceof Refusal
                || e instanceof Unreadable
                || e instanceof AbsentDatabase
                || e instanceof UnfitDatabase) {
            return words(e);
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String words = words(root);
        if (e instanceof SQLException) {
            return "PostgreSQL: " + words;
        }
        if (e instanceof KafkaException) {
            return "Kafka: " + words;
        }
        return e instanceof UncheckedIOException || root instanceof IOException ? words : root.toString();
    }

    private static String words(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }
}
