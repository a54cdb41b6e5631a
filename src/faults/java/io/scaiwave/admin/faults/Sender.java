package io.scaiwave.admin.faults;

/** Sends one request after another. */
interface Sender {
    /** Whether the next one was answered as its client wishes. */
    boolean send();
}
