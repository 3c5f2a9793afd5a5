/** From an entity to its index entries: pure functions. */
@NullMarked
package dev.kindstead.index;

import org.jspecify.annotations.NullMarked;
