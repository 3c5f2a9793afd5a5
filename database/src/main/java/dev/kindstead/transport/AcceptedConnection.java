package dev.kindstead.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * This node's end of the connection that carries another's requests. It stops reading while too
 * many of them are in work or their answers don't leave, and the other node's calls queue up there.
 */
final class AcceptedConnection extends Connection {
  private record Reply(byte type, byte service, long requestId, byte[] payload) {}

  private final Arrivals arrivals;
  private final Services services;
  private final Self self;
  private final LoopQueue<Reply> replies;
  private final FrameWriter writer;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();

  /** Of answers that wait for the socket; added to by any thread. */
  private final AtomicLong replyBytes = new AtomicLong();

  private int inWork;

  /** Whether the other side has asked who is there, and been told. */
  private boolean isAnswered;

  private String nodeId = "";

  AcceptedConnection(
      Channel channel,
      FrameDecoder decoder,
      Warnings warnings,
      Arrivals arrivals,
      Services services,
      Self self) {
    super(channel, decoder, warnings);
    this.arrivals = arrivals;
    this.services = services;
    this.self = self;
    replies = new LoopQueue<>(channel.eventLoop(), this::reply, reply -> {});
    writer = new FrameWriter(channel, this::left);
  }

  String nodeId() {
    return nodeId;
  }

  /** Ends when the handlers are done with what came over it; on any thread. */
  CompletableFuture<Void> gone() {
    return gone;
  }

  /** A newer connection of the same node takes over. Any thread. */
  void supersede() {
    channel.eventLoop().execute(() -> close("node " + nodeId + " has a newer connection"));
  }

  @Override
  void greeted(Greeting theirs) {
    Introduction us = self.introduction();
    var objection = theirs.objection(us);
    if (objection.isPresent()) {
      refuse(objection.get());
    } else if (theirs.isQuestion()) {
      if (!theirs.nodeId().equals(us.nodeId())) {
        arrivals.learn(theirs);
      }
      greet(self.greeting(theirs.nodeId()));
      isAnswered = true;
    } else if (theirs.nodeId().equals(us.nodeId())) {
      refuse("node %s is this node: do two run with one's data?".formatted(us.nodeId()));
    } else if (!arrivals.recognize(channel)) {
      refuse("too many connections");
    } else {
      nodeId = theirs.nodeId();
      arrivals.learn(theirs);
      var unused = arrivals.takeTurn(this).thenRunAsync(() -> welcome(theirs), channel.eventLoop());
    }
  }

  @Override
  boolean isDone() {
    return isAnswered;
  }

  /** All handlers know that the node's connection before this one is gone. */
  private void welcome(Greeting theirs) {
    open();
    if (isOpen()) {
      greet(self.greeting(theirs.nodeId()));
    }
  }

  @Override
  void received(byte type, byte service, long requestId, ByteBuf payload) {
    if (type != Frame.REQUEST) {
      throw new CorruptedFrameException("a frame of type %d in a request's place".formatted(type));
    }
    inWork++;
    var unused =
        services
            .handle(Frame.service(service), nodeId, Frame.payload(payload))
            .whenComplete((answer, failure) -> add(reply(service, requestId, answer, failure)));
    readIfThereIsRoom();
  }

  private static Reply reply(
      byte service, long requestId, byte @Nullable [] answer, @Nullable Throwable failure) {
    if (answer == null) {
      byte[] text = Frame.bytes(failure == null ? "no answer" : Services.message(failure));
      return new Reply(Frame.REFUSAL, service, requestId, text);
    }
    if (answer.length > Limits.PAYLOAD_BYTES_MAX) {
      byte[] text = Frame.bytes("the answer has %d bytes, too many".formatted(answer.length));
      return new Reply(Frame.REFUSAL, service, requestId, text);
    }
    return new Reply(Frame.ANSWER, service, requestId, answer);
  }

  private void add(Reply reply) {
    replyBytes.addAndGet(reply.payload.length);
    replies.add(reply);
  }

  private void reply() {
    for (Reply reply = replies.poll(); reply != null; reply = replies.poll()) {
      inWork--;
      if (isOpen()) {
        writer.add(reply.type, reply.service, reply.requestId, reply.payload);
      }
    }
    writer.flush();
    readIfThereIsRoom();
  }

  private void left(long bytes) {
    replyBytes.addAndGet(-bytes);
    readIfThereIsRoom();
  }

  private void readIfThereIsRoom() {
    boolean room =
        inWork < Limits.OUTSTANDING_REQUESTS_MAX && replyBytes.get() < Limits.QUEUED_BYTES_MAX;
    if (channel.config().isAutoRead() != room) {
      channel.config().setAutoRead(room);
    }
  }

  @Override
  void ended(String reason, boolean wasOpen) {
    CompletableFuture<Void> heard =
        wasOpen ? services.disconnected(nodeId) : CompletableFuture.completedFuture(null);
    var unused = heard.thenRun(() -> gone.complete(null));
  }
}
