/**
 * Bytes whose unsigned order is the order of the API, and the bytes of a stored entity.
 *
 * <p>A commit meets {@link dev.kindstead.encoding.KeyEncoding} (the row key and the entity group
 * key), {@link dev.kindstead.encoding.Slots} (which slot, hence which shard), {@link
 * dev.kindstead.encoding.EntityEncoding} (the row) and {@link
 * dev.kindstead.encoding.IndexEntryWriter} (its index entries). A query meets {@link
 * dev.kindstead.encoding.IndexKeyEncoding} (prefixes to scan, keys and values in entries) and
 * {@link dev.kindstead.encoding.ByteOrder} (bounds). The front door measures with {@link
 * dev.kindstead.encoding.EntityLimits}.
 *
 * <p><b>Invariants.</b>
 *
 * <ul>
 *   <li>Everything is a pure function of its arguments; the same on every node, for ever. Bytes
 *       written by one release are read by the next: formats change by a new first byte or tag.
 *   <li>Order: for keys and for values within one property, comparing bytes is comparing in the
 *       API. There is no second definition of order in the program.
 *   <li>Every part of a key ends itself, so "starts with" means "descends from", "lies in the
 *       partition", "has this value" and nothing else.
 *   <li>Bytes that cannot be what they should be give {@link
 *       dev.kindstead.encoding.CorruptBytesException} and no other failure.
 * </ul>
 *
 * <p><b>Elsewhere.</b> Which entries an entity has: {@code index}. What is stored beside an entry
 * or entity: {@code storage}. Cursors: {@code query}. Layouts: docs/formats; reasons:
 * docs/decisions/0005-encodings.md.
 */
@NullMarked
package dev.kindstead.encoding;

import org.jspecify.annotations.NullMarked;
