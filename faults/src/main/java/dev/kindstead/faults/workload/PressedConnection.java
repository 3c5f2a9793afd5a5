package dev.kindstead.faults.workload;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One HTTP/2 connection that makes unary gRPC calls of one method, and does as little else as can
 * be, so that a generator of load has room beside the server. Confined to its selector's thread.
 */
final class PressedConnection {
  /** By HPACK's static table, without its dynamic one: POST, http, the path, localhost. */
  private static final byte[] FIXED_HEADERS =
      headers(
          "/google.datastore.v1.Datastore/Commit",
          "content-type",
          "application/grpc",
          "te",
          "trailers");

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int FRAME_HEADER_BYTES = 9;
  private static final int FRAME_BYTES_MAX = 16_384;
  private static final int GRPC_PREFIX_BYTES = 5;
  private static final int WINDOW_BYTES = 65_535;
  private static final int RECEIVE_WINDOW_BYTES = 1 << 30;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;
  private static final int CANCEL = 8;
  private static final int SETTING_STREAMS_MAX = 3;
  private static final int BUFFER_BYTES = 1 << 16;

  /** The status of a call whose connection broke or whose stream was reset. */
  static final int LOST = -1;

  /** Hears of each call that ends here. */
  interface Ended {
    /**
     * @param status of gRPC, or {@link #LOST}
     * @param message the server's, empty when there is none
     */
    void ended(PressedConnection connection, long dueNanos, int status, String message);
  }

  private final SocketChannel channel;
  private final SelectionKey key;
  private final Ended ended;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

  /** When each call that goes on was due, the oldest first. */
  private final Map<Integer, Long> calls = new LinkedHashMap<>();

  private ByteBuffer out = ByteBuffer.allocate(1_024);
  private ByteBuffer in = ByteBuffer.allocate(1_024);
  private int nextStream = 1;
  private final int streamsMax;

  /** The server may change it at any time. */
  private int serverStreamsMax = Integer.MAX_VALUE;

  private long sendWindow = WINDOW_BYTES;
  private boolean isUp;

  /**
   * Begins to connect.
   *
   * @param streamsMax fewer when the server takes fewer
   */
  PressedConnection(Selector selector, InetSocketAddress server, int streamsMax, Ended ended)
      throws IOException {
    this.streamsMax = streamsMax;
    this.ended = ended;
    channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    key = channel.register(selector, SelectionKey.OP_CONNECT, this);
    channel.connect(server);
    out.put(PREFACE.getBytes(StandardCharsets.US_ASCII));
    frame(6, SETTINGS, 0, 0).putShort((short) 4).putInt(RECEIVE_WINDOW_BYTES);
    frame(4, WINDOW_UPDATE, 0, 0).putInt(RECEIVE_WINDOW_BYTES);
  }

  private static byte[] headers(String path, String... literals) {
    ByteBuffer all = ByteBuffer.allocate(256);
    all.put((byte) 0x83).put((byte) 0x86).put((byte) 0x04);
    text(all, path);
    all.put((byte) 0x01);
    text(all, "localhost");
    for (int i = 0; i < literals.length; i += 2) {
      literal(all, literals[i], literals[i + 1]);
    }
    byte[] bytes = new byte[all.flip().remaining()];
    all.get(bytes);
    return bytes;
  }

  private static void literal(ByteBuffer to, String name, String value) {
    to.put((byte) 0);
    text(to, name);
    text(to, value);
  }

  private static void text(ByteBuffer to, String text) {
    to.put((byte) text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether the server would take another call now. */
  boolean hasRoom(int messageBytes) {
    return isUp
        && calls.size() < Math.min(streamsMax, serverStreamsMax)
        && sendWindow >= messageBytes + GRPC_PREFIX_BYTES;
  }

  boolean isUp() {
    return isUp;
  }

  /**
   * Where there is room.
   *
   * @param leftMillis until the call's deadline, which the server is told
   */
  void call(byte[] message, long dueNanos, long leftMillis) throws IOException {
    String timeout = Math.max(1, leftMillis) + "m";
    int headerBytes = FIXED_HEADERS.length + 3 + "grpc-timeout".length() + timeout.length();
    int stream = nextStream;
    nextStream += 2;
    frame(headerBytes, HEADERS, END_HEADERS, stream).put(FIXED_HEADERS);
    literal(out, "grpc-timeout", timeout);
    int length = message.length + GRPC_PREFIX_BYTES;
    ByteBuffer body =
        ByteBuffer.allocate(length).put((byte) 0).putInt(message.length).put(message).flip();
    while (body.hasRemaining()) {
      int part = Math.min(body.remaining(), FRAME_BYTES_MAX);
      boolean isLast = part == body.remaining();
      frame(part, DATA, isLast ? END_STREAM : 0, stream).put(body.slice(body.position(), part));
      body.position(body.position() + part);
    }
    sendWindow -= length;
    calls.put(stream, dueNanos);
    write();
  }

  /** Gives up what was due before; the server is told. How many these were. */
  int giveUp(long dueBeforeNanos) throws IOException {
    int many = 0;
    for (Iterator<Map.Entry<Integer, Long>> all = calls.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Integer, Long> oldest = all.next();
      if (oldest.getValue() - dueBeforeNanos >= 0) {
        break;
      }
      all.remove();
      frame(4, RST_STREAM, 0, oldest.getKey()).putInt(CANCEL);
      many++;
    }
    if (many > 0) {
      write();
    }
    return many;
  }

  /** A frame's header, behind which there is room for the rest. */
  private ByteBuffer frame(int length, int type, int flags, int stream) {
    if (out.remaining() < FRAME_HEADER_BYTES + length) {
      int size = Math.max(out.capacity() * 2, out.position() + FRAME_HEADER_BYTES + length);
      out = ByteBuffer.allocate(size).put(out.flip());
    }
    return out.putShort((short) (length >> 8))
        .put((byte) length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream);
  }

  private void write() throws IOException {
    if (!isUp) {
      return;
    }
    out.flip();
    channel.write(out);
    out.compact();
    int rest = out.position() > 0 ? SelectionKey.OP_WRITE : 0;
    key.interestOps(SelectionKey.OP_READ | rest);
  }

  /** What the selector has found. Failures mean that the connection is lost: {@link #close} it. */
  void ready() throws IOException {
    if (key.isConnectable()) {
      channel.finishConnect();
      isUp = true;
      write();
      return;
    }
    if (key.isWritable()) {
      write();
    }
    if (key.isReadable()) {
      if (in.remaining() < BUFFER_BYTES / 2 && in.capacity() < BUFFER_BYTES) {
        in = ByteBuffer.allocate(in.capacity() * 2).put(in.flip());
      }
      if (channel.read(in) < 0) {
        throw new EOFException("the server has closed the connection");
      }
      in.flip();
      while (in.remaining() >= FRAME_HEADER_BYTES) {
        int length = (in.getShort(in.position()) & 0xffff) << 8 | in.get(in.position() + 2) & 0xff;
        if (in.remaining() < FRAME_HEADER_BYTES + length) {
          break;
        }
        in.position(in.position() + 3);
        int type = in.get();
        int flags = in.get();
        int stream = in.getInt();
        int end = in.position() + length;
        read(type, flags, stream, in.slice(in.position(), length));
        in.position(end);
      }
      in.compact();
    }
  }

  private void read(int type, int flags, int stream, ByteBuffer payload) throws IOException {
    switch (type) {
      case HEADERS -> {
        var headers = headers(stream, payload);
        if ((flags & END_STREAM) != 0) {
          CharSequence status = headers.get("grpc-status");
          CharSequence message = headers.get("grpc-message");
          end(
              stream,
              status == null ? LOST : Integer.parseInt(status.toString()),
              message == null ? "" : message.toString());
        }
      }
      case RST_STREAM -> end(stream, LOST, "the stream was reset");
      case SETTINGS -> {
        if ((flags & ACK) == 0) {
          settings(payload);
        }
      }
      case PING -> {
        if ((flags & ACK) == 0) {
          frame(payload.remaining(), PING, ACK, 0).put(payload);
          write();
        }
      }
      case WINDOW_UPDATE -> sendWindow += stream == 0 ? payload.getInt() : 0;
      default -> {}
    }
  }

  private Http2Headers headers(int stream, ByteBuffer block) throws IOException {
    try {
      return decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block));
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
  }

  private void settings(ByteBuffer payload) throws IOException {
    while (payload.hasRemaining()) {
      int name = payload.getShort();
      int value = payload.getInt();
      if (name == SETTING_STREAMS_MAX) {
        serverStreamsMax = value;
      }
    }
    frame(0, SETTINGS, ACK, 0);
    write();
  }

  private void end(int stream, int status, String message) {
    Long due = calls.remove(stream);
    if (due != null) {
      ended.ended(this, due, status, message);
    }
  }

  /** Every call on it is lost. */
  void close() {
    isUp = false;
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone either way.
    }
    calls.values().forEach(due -> ended.ended(this, due, LOST, "the connection was lost"));
    calls.clear();
  }
}
