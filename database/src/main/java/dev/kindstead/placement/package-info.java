/**
 * Which shard owns an entity group: {@link dev.kindstead.placement.ShardMap} gives each shard a
 * contiguous range of the hash slots.
 *
 * <p><b>Invariant.</b> Every slot has exactly one shard.
 *
 * <p>Elsewhere: the hash of an entity group is {@code encoding.Slots}.
 */
@NullMarked
package dev.kindstead.placement;

import org.jspecify.annotations.NullMarked;
