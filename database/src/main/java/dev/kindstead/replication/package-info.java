/** The replicated log of a shard: the seam, its engines, and the replica that applies entries. */
@NullMarked
package dev.kindstead.replication;

import org.jspecify.annotations.NullMarked;
