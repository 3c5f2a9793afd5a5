/**
 * Who belongs to the cluster: {@link dev.kindstead.directory.NodeIdentity} is what a node keeps of
 * itself and its cluster, {@link dev.kindstead.directory.Formation} finds the other nodes at each
 * start, and founds the cluster when there is none. {@link dev.kindstead.directory.Survey} asks all
 * nodes for a {@link dev.kindstead.directory.NodeDescription}; together they are the {@link
 * dev.kindstead.directory.ClusterDescription} that operators see. What nodes ask each other comes
 * through {@link dev.kindstead.directory.MembershipMessages}.
 *
 * <p><b>Invariants.</b> A node belongs to one cluster for the life of its data directory. A cluster
 * is founded once: by the node with the lowest id among exactly those that were told the same list
 * of addresses, all of which it has met, and by its record being on its disk. A node takes part in
 * replication only after a majority of the members has seen that its disk is not an older one, and
 * that the process before it answers no more ({@link dev.kindstead.directory.Welcome}).
 *
 * <p>Elsewhere: {@code placement} says which shard owns a slot; {@code transport} carries the
 * messages.
 */
@NullMarked
package dev.kindstead.directory;

import org.jspecify.annotations.NullMarked;
