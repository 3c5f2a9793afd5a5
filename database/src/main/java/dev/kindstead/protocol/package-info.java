/**
 * The public door: gRPC, and HTTP with protobuf or JSON bodies, on one port; validation; the way
 * from the API's messages to the model and back; errors as the official clients parse them.
 *
 * <p><b>The nouns, in the order a request meets them.</b> {@link dev.kindstead.protocol.FrontDoor}
 * listens and routes. {@code GrpcEndpoint} or {@code HttpEndpoint} takes one message out of its
 * envelope and names the {@code Rpc}. {@code Calls} admits it, times it and runs it. On a node that
 * is not the {@link dev.kindstead.protocol.ServingNode} a {@code PendingCall} sends it to the
 * {@code ForwardedCalls} of the one that is, and it is run there. A {@code RequestScope} fills the
 * request's project and database into every key, a reader ({@code KeyReader}, {@code EntityReader},
 * {@code CommitReader}, {@code QueryReader}) turns the message into model records and refuses with
 * Google's texts what breaks the API's rules within {@link dev.kindstead.protocol.Limits}; one of
 * the {@link dev.kindstead.protocol.Operations} does the work; the result becomes an {@code Answer}
 * that writes its own bytes. Whatever goes wrong becomes a {@code Failure} in {@code Failure.of}
 * and nowhere else.
 *
 * <p><b>Invariants.</b>
 *
 * <ul>
 *   <li>Handlers run on the event loop and never block it; what waits is a future.
 *   <li>A stored entity is never parsed to answer a lookup or a query over protobuf: its bytes are
 *       copied once into the answer.
 *   <li>No model record leaves this room with an empty project, or with a key that breaks a rule.
 *   <li>After work on a commit has begun, the door itself never answers ABORTED, UNAVAILABLE or
 *       DEADLINE_EXCEEDED, because clients repeat the call on those.
 *   <li>A call is sent, or begun, once more only when it certainly was not done or when doing it
 *       twice is doing it once; a forwarded call is not forwarded again.
 *   <li>No failure of Kindstead's own shows its cause to a client, only a reference into the log.
 * </ul>
 *
 * <p><b>Elsewhere.</b> What the operations mean: {@code service} and below. Authentication is a
 * later release's: any Authorization header is accepted. The API: <a
 * href="https://cloud.google.com/datastore/docs/reference/data/rest">Datastore API reference</a>.
 */
@NullMarked
package dev.kindstead.protocol;

import org.jspecify.annotations.NullMarked;
