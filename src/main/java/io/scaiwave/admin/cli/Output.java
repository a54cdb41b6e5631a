package io.scaiwave.admin.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** How a verb tells what came of it: in words, or as one JSON object on standard output and nothing else. */
final class Output {
    static final String JSON = "--json";

    private static final int NOTES_MAX = 50;

    private final Console console;
    private final List<String> notes = new ArrayList<>();

    @Option(
            names = JSON,
            description =
                    "Print the result as one JSON object; an error is one on standard error, and nothing else is.")
    private boolean json;

    Output(Console console) {
        this.console = console;
    }

    boolean json() {
        return json;
    }

    /** What is no fault: a line on standard error, or one of the result's notes. */
    void note(String text) {
        if (!json) {
            console.err().println("note: " + text);
        } else if (notes.size() < NOTES_MAX) {
            notes.add(text);
        }
    }

    /** @param words writes the same for people */
    void print(Record result, Consumer<PrintWriter> words) {
        if (!json) {
            words.accept(console.out());
            return;
        }
        ObjectNode object = Json.MAPPER.valueToTree(result);
        object.set("notes", Json.MAPPER.valueToTree(notes));
        console.out().println(object);
    }
}
