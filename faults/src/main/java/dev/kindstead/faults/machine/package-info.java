/**
 * What this machine gives: {@link dev.kindstead.faults.machine.Machine} finds out what it lets us
 * do; a {@link dev.kindstead.faults.machine.Cluster} is three {@link
 * dev.kindstead.faults.machine.Node}s, in {@link dev.kindstead.faults.machine.Namespaces} or at
 * localhost, on {@link dev.kindstead.faults.machine.LoopDisk}s or in plain directories, with a
 * {@link dev.kindstead.faults.machine.Shim} before their libc or without.
 *
 * <p><b>Invariants.</b> All that was made on the machine, namespaces, mounts, control groups and
 * processes, is gone after {@code close}, also when the run is interrupted. Nothing is installed.
 */
@NullMarked
package dev.kindstead.faults.machine;

import org.jspecify.annotations.NullMarked;
