/**
 * The kinds of faults, a small class for each family: how it begins, how it ends, and by what it is
 * known to have happened. {@link dev.kindstead.faults.fault.FaultKind} lists them all, with what
 * each needs of the machine.
 */
@NullMarked
package dev.kindstead.faults.fault;

import org.jspecify.annotations.NullMarked;
