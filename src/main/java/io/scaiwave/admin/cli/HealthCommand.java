package io.scaiwave.admin.cli;

import io.scaiwave.admin.config.ConfigLoader;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Asks a server whether it is ready, for the health check of a container that has no other client. */
@Command(
        name = "health",
        description = "Asks the server of this machine whether it is ready, for 3 seconds at most.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:it is", "1:it is not, or it did not answer", "2:the arguments or settings are wrong"})
final class HealthCommand implements Callable<Integer> {
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "[::]");

    private static final Set<String> NO_PORT = Set.of("", "0");

    private final Console console;

    @Mixin
    private final Output output;

    @Spec
    private CommandSpec spec;

    @Option(names = "--live", description = "Ask whether it lives, ready or not.")
    private boolean live;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Where the server is, such as http://127.0.0.1:8000. Default: where the settings say that it "
                    + "listens. The certificate of an https:// address is not checked, and nothing secret is sent.")
    private String url = "";

    HealthCommand(Console console) {
        this.console = console;
        this.output = new Output(console);
    }

    @Override
    public Integer call() {
        HealthProbe probe = new HealthProbe(server(), live ? "/health/live" : "/health/ready");
        try {
            HealthProbe.Answer answer = probe.ask();
            output.print(new Result(probe.address(), answer.status(), answer.reason()), out -> out.println(answer));
            return answer.status() == HealthProbe.OK ? ExitStatus.WHOLE : ExitStatus.NOT_WHOLE;
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage());
            output.print(
                    new Result(probe.address(), null, reason), out -> out.println(probe.address() + ": " + reason));
            return ExitStatus.NOT_WHOLE;
        }
    }

    /** Without a status: there was no answer. */
    private record Result(String address, @Nullable Integer status, String reason) {}

    private URI server() {
        String given = url.isBlank() ? listens(console.settings()) : url.strip();
        try {
            URI parsed = URI.create(given);
            if (given.matches("https?://.*") && parsed.getHost() != null) {
                return parsed;
            }
        } catch (IllegalArgumentException e) {
            // Said below, as of an address of another kind.
        }
        throw new ParameterException(spec.commandLine(), given + " is no http:// or https:// address");
    }

    private static String listens(ConfigLoader settings) {
        String host = settings.text("http.host");
        if (EVERYWHERE.contains(host)) {
            host = "127.0.0.1";
        }
        if (host.contains(":") && !host.startsWith("[")) {
            host = "[" + host + "]";
        }
        String management = settings.text("http.management.port");
        if (!NO_PORT.contains(management)) {
            return "http://" + host + ":" + management;
        }
        String scheme = settings.text("http.tls.certFile").isEmpty() ? "http://" : "https://";
        return scheme + host + ":" + settings.text("http.port");
    }
}
