/**
 * Real faults: three nodes of the real program, each with a network, a disk and a libc of its own
 * where the machine allows it, clients that speak the official protocol, faults alone and in pairs,
 * and judges over what the clients saw.
 *
 * <p>In the order of a run: {@link dev.kindstead.faults.Faults} (the command) makes a {@link
 * dev.kindstead.faults.machine.Cluster} and lets {@code Round}s befall it, one after the other: a
 * {@link dev.kindstead.faults.workload.Workload} in a project of its own, {@link
 * dev.kindstead.faults.fault.Fault}s as the {@code Schedule} draws them from the seed, then all is
 * mended, progress is demanded, everything is read back and judged. The {@code Report} counts.
 *
 * <p><b>Invariants.</b> A kind of fault that cannot happen here is <i>missing</i>, with the reason;
 * one that had no effect does not count; a round in which too little was acknowledged is invalid.
 * None of these is green.
 */
@NullMarked
package dev.kindstead.faults;

import org.jspecify.annotations.NullMarked;
