package io.scaiwave.admin.config;

import java.io.Serial;

/** Thrown for a setting that is missing or malformed; its message names it and is all the operator needs. */
public final class InvalidSetting extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1;

    /** @param problem what is wrong, as the rest of a sentence that begins with the setting's name */
    public InvalidSetting(String setting, String problem) {
        super(setting + " " + problem);
    }
}
