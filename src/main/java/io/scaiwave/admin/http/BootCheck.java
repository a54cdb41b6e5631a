package io.scaiwave.admin.http;

import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.json.Json;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Holds the contract and the features against each other, both ways: operations, and the inputs of each. */
final class BootCheck {
    private BootCheck() {}

    /** @throws IllegalStateException naming every difference */
    static void run(Contract contract, Map<String, Operation<?, ?>> served) {
        List<String> differences = new ArrayList<>();
        new TreeMap<>(contract.operations()).forEach((id, operation) -> {
            Operation<?, ?> serving = served.get(id);
            if (serving == null) {
                differences.add(id + " is in openapi.yaml and no feature serves it");
            } else {
                inputs(operation, serving, differences);
            }
        });
        for (String id : new TreeSet<>(served.keySet())) {
            if (!contract.operations().containsKey(id)) {
                differences.add(id + " is served and not in openapi.yaml");
            }
        }
        if (!differences.isEmpty()) {
            throw new IllegalStateException("the contract and the server differ: " + String.join("; ", differences));
        }
    }

    private static void inputs(Contract.Operation contract, Operation<?, ?> served, List<String> differences) {
        Set<String> wanted = new HashSet<>();
        contract.parameters().stream().filter(p -> !p.convention()).forEach(p -> wanted.add(p.input()));
        if (contract.body() != null) {
            wanted.add("body");
        }
        Set<String> taken = new HashSet<>();
        Arrays.stream(served.input().getRecordComponents())
                .map(RecordComponent::getName)
                .forEach(name -> taken.add(Json.name(name)));
        if (!wanted.equals(taken)) {
            differences.add("%s has the inputs %s in openapi.yaml and %s in %s"
                    .formatted(
                            contract.id(),
                            new TreeSet<>(wanted),
                            new TreeSet<>(taken),
                            served.input().getName()));
        }
    }
}
