package io.scaiwave.admin.audit.verify;

/**
 * What is no problem to who verifies.
 *
 * @param partial that chains begin anywhere
 * @param losses that entries are missing of which an entry of their chain says that they were lost in a restore
 */
public record Tolerance(boolean partial, boolean losses) {}
