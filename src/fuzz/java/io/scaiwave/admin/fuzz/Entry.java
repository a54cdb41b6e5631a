package io.scaiwave.admin.fuzz;

import java.util.function.Consumer;

/** Where Jazzer comes in, by the names that it knows. */
public final class Entry {
    private static Consumer<byte[]> target = data -> {};

    private Entry() {}

    /** @param args the target's name */
    public static void fuzzerInitialize(String[] args) {
        target = Targets.ALL.get(args[0]);
    }

    public static void fuzzerTestOneInput(byte[] data) {
        target.accept(data);
    }
}
