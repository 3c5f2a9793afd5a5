package dev.kindstead.transaction;

import dev.kindstead.replication.ReplicatedLog;
import dev.kindstead.storage.VersionedStore;
import java.util.concurrent.Executor;

/**
 * What one replica group is made of: handed in by whoever wires a node or a simulation.
 *
 * @param log not started yet
 * @param store opened; its own applied state may lag behind the log
 * @param executor runs what it is given one after the other, in order; blocking reads of the store
 *     happen there
 */
public record ShardWiring(ReplicatedLog log, VersionedStore store, Executor executor) {}
