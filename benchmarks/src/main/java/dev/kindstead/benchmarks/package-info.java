/**
 * One load driver for Kindstead, for an empty RPC on the stack that serves it, and for what it is
 * compared with where that is installed: Google's emulators, etcd, PostgreSQL.
 *
 * <p>{@link dev.kindstead.benchmarks.Benchmarks} is the command line. A {@link
 * dev.kindstead.benchmarks.ServerProcess} is a server under test, with the processor time it has
 * used; a {@link dev.kindstead.benchmarks.Workload} is one kind of operation on {@link
 * dev.kindstead.benchmarks.Dataset}'s entities; {@link dev.kindstead.benchmarks.Load} runs a
 * workload over {@link dev.kindstead.benchmarks.GrpcConnection}s, as many clients that each wait
 * for their answer (closed loop) or at a given rate (open loop), and makes a {@link
 * dev.kindstead.benchmarks.Measurement} of it.
 *
 * <p>{@link dev.kindstead.benchmarks.ClusterCommand} measures three nodes: {@link
 * dev.kindstead.benchmarks.KindsteadNodes}, {@link dev.kindstead.benchmarks.EtcdNodes} and {@link
 * dev.kindstead.benchmarks.PostgresNodes} are three processes each, {@link
 * dev.kindstead.benchmarks.ClusterTable} holds what they do against a {@link
 * dev.kindstead.benchmarks.Target}, and {@link dev.kindstead.benchmarks.Failover} kills the one
 * that serves.
 *
 * <p>The client shares the processors with the server, so it is as light as it can be: one thread,
 * no gRPC library, messages written once. Throughput still depends on it; <b>server CPU per
 * operation</b> does not, and is the figure to compare. How to run it, and the last figures:
 * docs/benchmarks.md.
 */
@NullMarked
package dev.kindstead.benchmarks;

import org.jspecify.annotations.NullMarked;
