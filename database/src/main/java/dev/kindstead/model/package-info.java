/**
 * The nouns of the Datastore API as immutable values: {@link dev.kindstead.model.Key}, {@link
 * dev.kindstead.model.Entity}, {@link dev.kindstead.model.Value}, {@link
 * dev.kindstead.model.Mutation}, and the one operating failure, {@link
 * dev.kindstead.model.DatastoreException}.
 *
 * <p><b>Invariants.</b> Everything here is immutable and knows no other room. Timestamps are
 * microseconds since 1970-01-01T00:00:00Z in a {@code long}; a version is the timestamp of the
 * commit that wrote it.
 *
 * <p><b>Elsewhere.</b> Bytes live in {@code encoding}; the API's proto classes stop at {@code
 * protocol}.
 */
@NullMarked
package dev.kindstead.model;

import org.jspecify.annotations.NullMarked;
