package dev.kindstead.index;

import dev.kindstead.model.Bytes;

/**
 * One entry of an index.
 *
 * @param key the entry's bytes, as IndexKeyEncoding makes them
 * @param multiValued whether the entity has further entries in the same index: a scan in an order
 *     must then deduplicate the entity
 */
public record IndexEntry(Bytes key, boolean multiValued) {}
