/**
 * The node-to-node door: the real {@link dev.kindstead.environment.Network}, over TCP, with mutual
 * TLS if there are certificates.
 *
 * <p><b>The nouns, in the order a call meets them.</b> {@link
 * dev.kindstead.transport.NodeTransport} finds the {@code Peer} of the node id, which admits the
 * call to its {@code Backlog} and hands it to the event loop by a {@code LoopQueue}. A {@code
 * Dialler} connects where {@code Addresses} says; both ends introduce themselves by a {@code
 * Greeting} and may object; then the peer has a {@code DialledConnection}, which keeps the call in
 * {@code Outstanding} and has a {@code FrameWriter} write it. On the other node {@code Arrivals}
 * has accepted an {@code AcceptedConnection}, which asks {@code Services} and sends back what the
 * handler answers.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>Each node dials a connection of its own for its requests; answers come back over the same.
 *   <li>At most one accepted connection of a node has requests handled. The next one is greeted
 *       only after all handlers have heard that the one before is gone.
 *   <li>NotDelivered is only said of a call that was never given to a connection.
 *   <li>Nothing runs on an event loop that waits. Handlers and what hangs on answers run there too.
 *   <li>Every queue has a limit, in {@code Limits}. Before the greeting a stranger can make a node
 *       keep a few kilobytes for a few seconds, not more.
 *   <li>Who has a certificate of the cluster's authority is trusted to be the node he says he is:
 *       nodes are known by id, and ids move between machines, so no name in a certificate is
 *       compared. Without TLS everybody who can connect is trusted.
 * </ol>
 *
 * <p><b>Elsewhere.</b> Whether an address outside loopback may be listened on without TLS, and
 * where the cluster's addresses are kept, is decided above. Making certificates is {@code cli}'s.
 * The bytes: {@code docs/formats/node-messages.md}.
 */
@NullMarked
package dev.kindstead.transport;

import org.jspecify.annotations.NullMarked;
