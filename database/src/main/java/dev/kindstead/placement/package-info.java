/** Which shard owns an entity group. */
@NullMarked
package dev.kindstead.placement;

import org.jspecify.annotations.NullMarked;
