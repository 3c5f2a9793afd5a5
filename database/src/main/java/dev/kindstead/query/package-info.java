/**
 * From a query to its results, over the shards of a read session.
 *
 * <p>The nouns, in the order in which a request meets them: {@link dev.kindstead.query.Query} with
 * its {@link dev.kindstead.query.Filter}, as the front door made them; {@code QueryRules}, which
 * refuses nonsense; {@code DisjunctiveForm}, which turns the filter into alternatives, each a
 * {@code Conjunction} of conditions on encoded values; {@code Ordering}, the total order of the
 * results; {@code Planner}, which chooses the one {@code Scan} that drives the query and so the
 * {@code Plan}; {@code Candidates}, the walk of a scan over one shard; {@code RowSource}s, which
 * make results of candidates, merge the shards lazily, sort, and make distinct; {@code Execution},
 * which skips, limits and ends a batch; {@code Materialization}, which answers stored bytes
 * unparsed; {@code Cursor}; {@code Aggregating}, the same road without results; {@code
 * NearestSearch}, the road to its end and back with the nearest vectors. A {@code MetadataQuery}
 * goes beside this road: {@code MetadataNames} seeks from one name at the front of the index
 * entries to the next.
 *
 * <p><b>Everything is compared as encoded bytes</b>: a property's values as the index holds them, a
 * key as its path. One {@code Interval} type serves filters, scan bounds and cursors alike.
 *
 * <p><b>Invariants.</b>
 *
 * <ul>
 *   <li>{@code Rows} says what a query means, one entity at a time: at which {@code Position}s it
 *       stands. Scans are short cuts: a candidate is a result if and only if its entity stands at
 *       the candidate's position. Nothing is remembered between batches.
 *   <li>A filter sees an entity only as its index entries, whichever way it is answered.
 *   <li>A cursor is a position in an order, never an offset.
 *   <li>{@code more_results} is exact: every batch looks one result ahead, except behind a full
 *       limit in a transaction, which would conflict over what was not asked for.
 *   <li>In a transaction the range walked is noted up to the last result, and every entity read, so
 *       that a phantom conflicts and a write behind a limited query does not.
 *   <li>Rows, bytes, memory and time of one call are bounded; each bound is a named constant.
 * </ul>
 *
 * <p><b>Elsewhere.</b> Sessions and validation in {@code transaction}; bytes in {@code encoding};
 * threads in {@code service}'s executor; statistics in {@code jobs}; graphs of vectors in {@code
 * vector}. Formats: docs/formats/cursors.md; choices: docs/decisions/0008-query.md.
 *
 * @see <a href="https://cloud.google.com/datastore/docs/concepts/queries">Datastore queries</a>
 */
@NullMarked
package dev.kindstead.query;

import org.jspecify.annotations.NullMarked;
