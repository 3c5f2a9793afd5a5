package dev.kindstead.transport;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network.NotDelivered;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** This node's end of the connection that carries its requests to another. */
final class DialledConnection extends Connection {
  /**
   * Whom to reach.
   *
   * @param listenerId empty for whoever is there: then it is asked who it is, and no more
   * @param written hears how many bytes of requests have left
   */
  record Destination(NodeAddress address, String listenerId, LongConsumer written) {
    @Override
    public String toString() {
      return listenerId.isEmpty() ? address.toString() : "node " + listenerId + " at " + address;
    }
  }

  private final Destination destination;
  private final Self self;
  private final CompletableFuture<DialledConnection> dialled;
  private final CompletableFuture<String> gone = new CompletableFuture<>();
  private final Outstanding outstanding;
  private final FrameWriter writer;
  private String nodeId = "";

  /**
   * @param dialled becomes this connection when both sides agree; who ends it before has the
   *     connection closed
   */
  DialledConnection(
      Channel channel,
      FrameDecoder decoder,
      Warnings warnings,
      Clock clock,
      Self self,
      Destination destination,
      CompletableFuture<DialledConnection> dialled) {
    super(channel, decoder, warnings);
    this.self = self;
    this.destination = destination;
    this.dialled = dialled;
    this.outstanding = new Outstanding(channel.eventLoop(), clock, destination.listenerId());
    this.writer = new FrameWriter(channel, destination.written());
  }

  /** The other node's id, once dialled. */
  String nodeId() {
    return nodeId;
  }

  /** Ends with the reason when no further call can be sent; on the loop. */
  CompletableFuture<String> gone() {
    return gone;
  }

  void send(OutgoingCall call) {
    long requestId = outstanding.add(call);
    writer.add(Frame.REQUEST, Frame.code(call.service()), requestId, call.request());
  }

  void flush() {
    writer.flush();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    super.channelActive(context);
    greet(self.greeting(destination.listenerId()));
  }

  @Override
  void greeted(Greeting theirs) {
    String expected = destination.listenerId();
    var objection = theirs.objection(self.introduction());
    if (objection.isPresent()) {
      refuse(objection.get());
    } else if (!expected.isEmpty() && !expected.equals(theirs.nodeId())) {
      refuse("%s is node %s's address now".formatted(destination.address(), theirs.nodeId()));
    } else {
      nodeId = theirs.nodeId();
      open();
      if (!dialled.complete(this)) {
        close("nobody waits for this connection any more");
      }
    }
  }

  @Override
  boolean isDone() {
    return false;
  }

  @Override
  void received(byte type, byte service, long requestId, ByteBuf payload) {
    if (type != Frame.ANSWER && type != Frame.REFUSAL) {
      throw new CorruptedFrameException("a frame of type %d in an answer's place".formatted(type));
    }
    @Nullable OutgoingCall call = outstanding.remove(requestId);
    if (call != null) {
      if (type == Frame.ANSWER) {
        call.answered(Frame.payload(payload));
      } else {
        call.refused(Frame.text(payload));
      }
    }
  }

  @Override
  void ended(String reason, boolean wasOpen) {
    gone.complete(reason);
    writer.flush();
    outstanding.loseAll("the connection with %s was lost: %s".formatted(destination, reason));
    dialled.completeExceptionally(
        new NotDelivered("no connection with %s: %s".formatted(destination, reason)));
  }
}
