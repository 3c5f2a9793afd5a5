package dev.kindstead.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/**
 * How two nodes introduce themselves on a new connection. Of another version's greeting only magic
 * and version are read.
 *
 * @param address where the speaker can be dialled; empty for nowhere
 * @param listenerId whom the speaker thinks it talks to; empty when it asks, and then the
 *     connection carries no requests
 */
record Greeting(int version, String nodeId, String clusterId, String address, String listenerId) {
  /** In the refusal of a node of another cluster, by which the refused one knows it. */
  static final String OTHER_CLUSTER = "belongs to cluster";

  static final int MAGIC = 0x4b44_5331;
  static final int VERSION = 1;

  private static final int TEXT_BYTES_MAX = 1_024;

  Greeting(Introduction us, String address, String listenerId) {
    this(VERSION, us.nodeId(), us.clusterId(), address, listenerId);
  }

  byte[] bytes() {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeShort(version);
      write(out, nodeId);
      write(out, clusterId);
      write(out, address);
      write(out, listenerId);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    if (bytes.length > TEXT_BYTES_MAX) {
      throw new IllegalArgumentException("too long to greet with: " + text);
    }
    out.writeShort(bytes.length);
    out.write(bytes);
  }

  static Greeting read(ByteBuf in) {
    if (in.readableBytes() < 4 + 2 || in.readInt() != MAGIC) {
      throw new CorruptedFrameException("no greeting of a node");
    }
    int version = in.readUnsignedShort();
    if (version != VERSION) {
      return new Greeting(version, "", "", "", "");
    }
    var greeting = new Greeting(version, text(in), text(in), text(in), text(in));
    if (greeting.nodeId.isEmpty() || in.isReadable()) {
      throw new CorruptedFrameException("no greeting of a node");
    }
    return greeting;
  }

  private static String text(ByteBuf in) {
    int bytes = in.readableBytes() < 2 ? Integer.MAX_VALUE : in.readUnsignedShort();
    if (bytes > TEXT_BYTES_MAX || bytes > in.readableBytes()) {
      throw new CorruptedFrameException("no greeting of a node");
    }
    try {
      return UTF_8.newDecoder().decode(in.readSlice(bytes).nioBuffer()).toString();
    } catch (CharacterCodingException e) {
      throw new CorruptedFrameException("no greeting of a node", e);
    }
  }

  boolean isQuestion() {
    return listenerId.isEmpty();
  }

  /** Why this side won't talk to the one that greets so, whoever dialled. */
  Optional<String> objection(Introduction us) {
    if (version != VERSION) {
      return Optional.of(
          "node %s speaks version %d between nodes, not %d"
              .formatted(us.nodeId(), VERSION, version));
    }
    if (!clusterId.isEmpty() && !us.clusterId().isEmpty() && !clusterId.equals(us.clusterId())) {
      return Optional.of(
          "node %s %s %s, this is cluster %s"
              .formatted(nodeId, OTHER_CLUSTER, clusterId, us.clusterId()));
    }
    if (!listenerId.isEmpty() && !listenerId.equals(us.nodeId())) {
      return Optional.of("this is node %s, not node %s".formatted(us.nodeId(), listenerId));
    }
    return Optional.empty();
  }
}
