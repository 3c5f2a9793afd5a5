/**
 * The clients and their judges. A {@link dev.kindstead.faults.workload.Workload} runs clients of
 * six kinds, which write all that they see into {@link dev.kindstead.faults.workload.Notes}; {@code
 * Judgement} asks the judges of {@code dev.kindstead.simulation} about it.
 *
 * <p><b>Invariants.</b> No answer, or INTERNAL, is an unknown outcome; ABORTED, UNAVAILABLE and
 * RESOURCE_EXHAUSTED mean that nothing was applied, as the product promises: what was applied all
 * the same is an anomaly. So is any answer that a client keeping to the rules should not get.
 */
@NullMarked
package dev.kindstead.faults.workload;

import org.jspecify.annotations.NullMarked;
