package dev.kindstead.simulation;

import dev.kindstead.model.ConcurrencyMode;

/**
 * Who works in a simulated world, and on what.
 *
 * @param clients that run transactions
 * @param readers clients that only read
 * @param objects lists that there are
 */
public record Crowd(int clients, int readers, int objects, ConcurrencyMode mode) {}
