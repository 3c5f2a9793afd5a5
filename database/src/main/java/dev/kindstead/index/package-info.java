/**
 * From an entity to its index entries: pure functions.
 *
 * <p>The shard's leader asks {@link dev.kindstead.index.BuiltInIndexes} for the entries of the
 * stored and of the new version of an entity and proposes their {@link
 * dev.kindstead.index.BuiltInIndexes.Difference}; replicas only apply it. Each {@link
 * dev.kindstead.index.IndexEntry} is bytes and a mark that says whether the entity occurs more than
 * once in that index.
 *
 * <p><b>Invariants.</b>
 *
 * <ul>
 *   <li>The entries of an entity depend on nothing but the entity: what an update removes can be
 *       computed from the stored version alone.
 *   <li>Lists of entries are sorted by their bytes and have no duplicates.
 *   <li>A value excluded from indexes, and whatever lies inside it, has no entry; nor has an empty
 *       array. A missing property is in no index, a null is.
 * </ul>
 *
 * <p><b>Elsewhere.</b> The bytes of an entry: {@code encoding}. Which index serves a query: {@code
 * query}.
 */
@NullMarked
package dev.kindstead.index;

import org.jspecify.annotations.NullMarked;
