package io.scaiwave.admin.faults;

import io.scaiwave.admin.Main;
import io.scaiwave.admin.local.ClassPath;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The {@code verify} verb of the command line, as a process of its own. */
final class VerifyVerb {
    /** @param status 0 whole, 1 not, 2 could not be read */
    record Result(int status, String output) {}

    private VerifyVerb() {}

    static Result run(Stage stage, String... arguments) {
        return verb(stage, "verify", arguments);
    }

    /** The same of another verb. */
    static Result verb(Stage stage, String verb, String... arguments) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                ClassPath.current(),
                Main.class.getName(),
                verb));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().putAll(stage.platform.environment()); // for the keys that signed the checkpoints
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The verb must find the log whole. */
    static void whole(Stage stage, Report report) {
        whole(stage, report, "--db", stage.platform.postgres().appUrl());
    }

    /** @param source what is verified, as the verb's options */
    static void whole(Stage stage, Report report, String... source) {
        Result result = run(stage, source);
        report.figure("verify " + source[0] + " says", lastLine(result));
        if (result.status != 0) {
            report.violated("verify ended with " + result.status + ": " + result.output);
        }
    }

    static String lastLine(Result result) {
        return result.output.substring(result.output.lastIndexOf('\n') + 1);
    }
}
