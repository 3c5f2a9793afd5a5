package dev.kindstead.simulation;

import org.jspecify.annotations.Nullable;

/**
 * An entry of a {@link ModelLog}.
 *
 * @param bytes null for an entry of the engine's own, as each term begins with
 */
record ModelEntry(long logIndex, long term, byte @Nullable [] bytes) {}
