/**
 * Overload: how many calls go on at a time, who waits for his turn, and who is turned away. A call
 * that is turned away has done nothing.
 *
 * <p>Start at {@link dev.kindstead.admission.Gates}: a {@link dev.kindstead.admission.Gate} for
 * each {@link dev.kindstead.admission.CostClass}, and behind a full gate a {@code FairQueue} in
 * which databases take turns.
 */
@NullMarked
package dev.kindstead.admission;

import org.jspecify.annotations.NullMarked;
