/** Versioned entities and index entries of one shard, over an ordered store of bytes. */
@NullMarked
package dev.kindstead.storage;

import org.jspecify.annotations.NullMarked;
