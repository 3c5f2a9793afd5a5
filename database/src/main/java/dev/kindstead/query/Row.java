package dev.kindstead.query;

import dev.kindstead.storage.EntityRow;
import org.jspecify.annotations.Nullable;

/**
 * A result on its way.
 *
 * @param entity null when it was not needed so far
 * @param multiValued whether the entry it was met by has further values of its property beside it
 */
record Row(Position position, int shard, @Nullable EntityRow entity, boolean multiValued) {}
