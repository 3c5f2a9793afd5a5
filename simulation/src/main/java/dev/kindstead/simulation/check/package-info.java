/**
 * Judges of histories, one property each, for whatever made them: the simulator, the real program
 * under faults. Each takes what clients saw and answers with anomalies, one line each, none when
 * all is well.
 *
 * <p>{@link dev.kindstead.simulation.check.RegisterLinearizability}: one object, read, written and
 * compared. {@link dev.kindstead.simulation.check.RegisterSerializability}: several of them, in
 * transactions, by the cycles of a {@link dev.kindstead.simulation.check.DependencyGraph}, which
 * the judge of lists uses too. {@link dev.kindstead.simulation.check.BankTotals}, {@link
 * dev.kindstead.simulation.check.SetMembers} and {@link dev.kindstead.simulation.check.UniqueIds}:
 * what must hold of sums, of what was inserted, of ids. {@link
 * dev.kindstead.simulation.check.Sessions}: what each client may expect after what it has seen
 * itself. {@link dev.kindstead.simulation.check.CursorPages}: a query in pages. One judge takes
 * what was recorded inside: {@link dev.kindstead.simulation.check.LogContract}, of the replicated
 * logs.
 *
 * <p><b>Invariants.</b> Pure. An {@link dev.kindstead.simulation.check.Outcome#UNKNOWN} operation
 * may have happened at any time after it was invoked, may still happen, or never does: no judge
 * takes it for either. Whoever uses a judge sees to it that enough was acknowledged to judge.
 */
@NullMarked
package dev.kindstead.simulation.check;

import org.jspecify.annotations.NullMarked;
