/**
 * Long work in the background, in small steps beside the commits: {@link
 * dev.kindstead.jobs.IndexJobs} builds and removes composite indexes, {@link
 * dev.kindstead.jobs.Expiry} deletes entities whose time has come, {@link
 * dev.kindstead.jobs.Statistics} tells what is stored, {@link dev.kindstead.jobs.IndexCheck}
 * compares index entries with entities.
 *
 * <p><b>Invariants.</b> What a job is about, and how far it is, stands in the logs: a job goes on
 * after a restart, and a step done twice does no harm. One step of a job is on its way at a time.
 *
 * <p><b>Elsewhere.</b> How commits maintain an index meanwhile: {@code
 * transaction.MaintainedIndexes}.
 */
@NullMarked
package dev.kindstead.jobs;

import org.jspecify.annotations.NullMarked;
