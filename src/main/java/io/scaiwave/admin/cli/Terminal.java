package io.scaiwave.admin.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.concurrent.TimeUnit;

/** Whether somebody looks at standard error. Java knows it of standard output alone, so test(1) is asked. */
final class Terminal {
    private static final long ANSWER_SECONDS_MAX = 2;

    private Terminal() {}

    static boolean hasStandardError() {
        try {
            Process test = new ProcessBuilder("test", "-t", "2")
                    .redirectError(Redirect.INHERIT)
                    .start();
            boolean answered = test.waitFor(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
            test.destroyForcibly();
            return answered && test.exitValue() == 0;
        } catch (IOException e) {
            return false; // a container may have no test(1)
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
