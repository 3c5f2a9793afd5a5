/**
 * Which shard owns an entity group, and which nodes hold and lead it: {@link
 * dev.kindstead.placement.ShardMap} gives each shard a contiguous range of the hash slots, {@link
 * dev.kindstead.placement.MemberChanges} gives nodes replicas and votes as {@code VoterChoice}
 * says, {@link dev.kindstead.placement.LeaderPlacement} spreads the leaders by a {@link
 * dev.kindstead.placement.Ring} (decision 11), {@link dev.kindstead.placement.NodeChoice} chooses
 * among nodes that can do the same.
 *
 * <p><b>Invariants.</b> Every slot has exactly one shard. No group ever has two voters, nor fewer
 * than before.
 *
 * <p>Elsewhere: the hash of an entity group is {@code encoding.Slots}.
 */
@NullMarked
package dev.kindstead.placement;

import org.jspecify.annotations.NullMarked;
