package io.scaiwave.admin.config;

import java.io.Serial;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Thrown for settings that are missing or malformed; its message names them and is all the operator needs. */
public final class InvalidSetting extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1;

    /** @param problem what is wrong, as the rest of a sentence that begins with the setting's name */
    record Fault(String setting, String problem) {}

    private final transient List<Fault> faults;

    /** @param problem what is wrong, as the rest of a sentence that begins with the setting's name */
    public InvalidSetting(String setting, String problem) {
        this(List.of(new Fault(setting, problem)));
    }

    InvalidSetting(List<Fault> faults) {
        super(faults.stream()
                .map(fault -> fault.setting() + " " + fault.problem())
                .collect(Collectors.joining("; ")));
        this.faults = faults;
    }

    List<Fault> faults() {
        return faults;
    }

    /** The same faults of settings by other names. */
    InvalidSetting renamed(UnaryOperator<String> names) {
        return new InvalidSetting(faults.stream()
                .map(fault -> new Fault(names.apply(fault.setting()), fault.problem()))
                .toList());
    }
}
