package io.scaiwave.admin.bus;

/** A text that must not be seen: it prints as stars, so that no log line or message shows it by accident. */
public record Secret(String value) {

    @Override
    public String toString() {
        return "***";
    }
}
