/**
 * The roof: plain constructors wire the whole program, in one file to read from top to bottom.
 *
 * <p>{@link dev.kindstead.server.Main} (the process) → {@code NodeOptions} (the configuration,
 * sorted by room) → {@link dev.kindstead.server.Node} (the wiring) with {@code Shards} (the replica
 * groups, in memory or in a {@code DataDirectory}), {@code GuardedOperations} and its {@code
 * DiskGuard}, {@code Greeting} (what the user reads).
 *
 * <p><b>Invariants.</b> Nothing is listened on before every shard leads and in-doubt transactions
 * are known; everything is closed in the opposite order of its making, the directory's lock last. A
 * node without usable disk space or with a failed log refuses writes and goes on reading.
 *
 * <p>Elsewhere: commands, flags and files ({@code cli}); what a room does with its options.
 */
@NullMarked
package dev.kindstead.server;

import org.jspecify.annotations.NullMarked;
