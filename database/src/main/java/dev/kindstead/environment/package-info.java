/**
 * Everything the core may not reach for by itself: {@link dev.kindstead.environment.Clock}, {@link
 * dev.kindstead.environment.Timers}, {@link dev.kindstead.environment.Network}; executors and
 * {@link java.util.random.RandomGenerator}s are passed as arguments likewise. Real adapters live
 * here, simulated ones in the simulation module.
 *
 * <p><b>Invariant.</b> No room but this one and the adapters (storage's RocksDB store, the Raft
 * adapter, protocol, cli, server) asks the system for time, chance, threads, sleep or sockets.
 */
@NullMarked
package dev.kindstead.environment;

import org.jspecify.annotations.NullMarked;
