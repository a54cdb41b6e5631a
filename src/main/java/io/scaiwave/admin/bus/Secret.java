package io.scaiwave.admin.bus;

import com.fasterxml.jackson.annotation.JsonCreator;

/** A text that must not be seen: it prints as stars, so that no log line or message shows it by accident. */
public record Secret(String value) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Secret {}

    @Override
    public String toString() {
        return "***";
    }
}
