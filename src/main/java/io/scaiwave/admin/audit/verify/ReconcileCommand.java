package io.scaiwave.admin.audit.verify;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "reconcile")
final class ReconcileCommand implements Callable<Integer> {
    ReconcileCommand(Console console) {}

    @Override
    public Integer call() {
        return 2;
    }
}
