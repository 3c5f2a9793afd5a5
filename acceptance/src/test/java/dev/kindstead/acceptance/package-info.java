/**
 * Kindstead from outside: every test here starts the product as a process of its own and talks to
 * it over its port, mostly through Google's official clients. Nothing of the product is on this
 * class path.
 *
 * <p>{@link dev.kindstead.acceptance.KindsteadProcess} starts, kills and restarts it; {@link
 * dev.kindstead.acceptance.SharedServer} lends one memory-mode server to all tests that don't hurt
 * it, each with a project of its own; {@link dev.kindstead.acceptance.RawGrpc} and {@link
 * dev.kindstead.acceptance.RawHttp} say what the official clients can't. {@link
 * dev.kindstead.acceptance.ClientProgram} runs the clients of other languages. {@link
 * dev.kindstead.acceptance.RollingRestartTest} has three of it behind a balancer.
 *
 * <p>{@link dev.kindstead.acceptance.KindsteadCluster} is three of them. What is tagged {@code
 * shared} runs a second time against a node of a cluster that leads nothing and forwards every
 * call, and a third time while the other nodes of a cluster are killed one after the other; with
 * {@code -Dkindstead.servers=cluster} or {@code killed} that is the only time.
 *
 * <p>With {@code -Dkindstead.endpoint=localhost:8081} the shared tests use a server that already
 * runs, which is also how they are compared with Google's emulators.
 */
@NullMarked
package dev.kindstead.acceptance;

import org.jspecify.annotations.NullMarked;
