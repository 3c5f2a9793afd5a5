package dev.kindstead.vector;

import dev.kindstead.model.PartitionId;

/**
 * Vectors that are compared with each other: those of one property of a kind, on one shard.
 * Immutable.
 *
 * @param dimensions of the vectors; others are not in it
 */
public record VectorSpace(
    int shard,
    PartitionId partition,
    String kind,
    String property,
    int dimensions,
    Measure measure) {}
