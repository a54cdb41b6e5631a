package io.scaiwave.admin.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which chains are looked at: those named, or all. */
final class ChainsOption {
    private static final String TENANT = "tenant:";

    @Option(
            names = "--chain",
            paramLabel = "CHAIN",
            description = "Only this chain, such as tenant:<id>, partner:<id> or platform. May be repeated.")
    private List<String> chains = new ArrayList<>();

    @Option(names = "--tenant", paramLabel = "ID", description = "Only the chain of this tenant. May be repeated.")
    private List<String> tenants = new ArrayList<>();

    List<String> named() {
        List<String> all = new ArrayList<>(chains);
        tenants.forEach(id -> all.add(TENANT + id));
        return all;
    }

    boolean all() {
        return chains.isEmpty() && tenants.isEmpty();
    }

    boolean has(String chain) {
        return all()
                || chains.contains(chain)
                || (chain.startsWith(TENANT) && tenants.contains(chain.substring(TENANT.length())));
    }
}
