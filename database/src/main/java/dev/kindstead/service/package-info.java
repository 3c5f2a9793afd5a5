/**
 * The operations of the Datastore API, one class each: {@link dev.kindstead.service.Lookup}, {@link
 * dev.kindstead.service.RunQuery}, {@link dev.kindstead.service.RunAggregationQuery}. Commits, ids
 * and transactions need nothing beside {@code transaction.Transactions}, and go there directly.
 *
 * <p><b>Invariants.</b> Each call opens at most one read session and closes it. An operation
 * answers through a future; a lookup runs where its session comes, which for rows in memory is the
 * caller's own thread; a query runs on the injected bounded pool, since a scan may wait for the
 * disk. No answer exceeds what a gRPC client receives by default: lookups defer keys, queries end
 * their batch.
 *
 * <p><b>Elsewhere.</b> Validation of requests and proto messages in {@code protocol}; the meaning
 * of queries in {@code query}.
 */
@NullMarked
package dev.kindstead.service;

import org.jspecify.annotations.NullMarked;
