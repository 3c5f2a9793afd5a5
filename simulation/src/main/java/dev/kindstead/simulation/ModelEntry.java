package dev.kindstead.simulation;

import org.jspecify.annotations.Nullable;

/**
 * One entry of a {@link ModelGroup}.
 *
 * @param bytes null for an entry of the model's own
 * @param voters who votes from this entry on, for whoever has it; null where nothing changes
 */
record ModelEntry(long logIndex, long term, byte @Nullable [] bytes, @Nullable ModelVoters voters) {
  ModelEntry(long logIndex, long term, byte @Nullable [] bytes) {
    this(logIndex, term, bytes, null);
  }
}
