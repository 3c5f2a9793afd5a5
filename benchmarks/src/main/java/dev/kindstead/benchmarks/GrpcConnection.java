package dev.kindstead.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection that makes unary gRPC calls, and does nothing else that HTTP/2 knows.
 * Confined to its channel's event loop.
 */
final class GrpcConnection extends SimpleChannelInboundHandler<ByteBuf> {
  private static final int RECEIVE_WINDOW_BYTES = 1 << 30;
  private static final int STREAM_RECEIVE_WINDOW_BYTES = 16 << 20;
  private static final int FRAME_BYTES_MAX = 16 << 20;
  private static final int FRAME_HEADER_BYTES = 9;
  private static final int GRPC_PREFIX_BYTES = 5;
  private static final int UNKNOWN = 2;

  /** Until the server has said how many streams it takes: what RFC 9113 expects of it at least. */
  private static final long STREAMS_EXPECTED = 100;

  /** What a call ends with: a gRPC status code, and the message if it is zero. */
  interface Reply {
    void ended(int status, byte[] message);
  }

  private record Call(Http2Headers headers, byte[] message, Reply reply) {}

  private static final class Stream {
    private final Reply reply;
    private byte[] body = new byte[0];
    private int status = UNKNOWN;

    Stream(Reply reply) {
      this.reply = reply;
    }
  }

  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
  private final IntObjectMap<Stream> streams = new IntObjectHashMap<>();
  private final ArrayDeque<Call> waiting = new ArrayDeque<>();
  private final Channel channel;
  private int nextStream = 1;
  private long sendWindow = Http2CodecUtil.DEFAULT_WINDOW_SIZE;
  private long streamsMax = STREAMS_EXPECTED;
  private int received;
  private boolean reading;
  private boolean complained;

  private GrpcConnection(Channel channel) {
    this.channel = channel;
  }

  static GrpcConnection open(EventLoopGroup loops, String host, int port) {
    GrpcConnection[] made = new GrpcConnection[1];
    new Bootstrap()
        .group(loops)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                made[0] = new GrpcConnection(channel);
                channel
                    .pipeline()
                    .addLast(new LengthFieldBasedFrameDecoder(FRAME_BYTES_MAX, 0, 3, 6, 0))
                    .addLast(made[0]);
              }
            })
        .connect(host, port)
        .syncUninterruptibly();
    return made[0];
  }

  Channel channel() {
    return channel;
  }

  /** On the event loop. Calls beyond the streams that the server takes wait here. */
  void call(Http2Headers headers, byte[] message, Reply reply) {
    if (!channel.isActive()) {
      channel.eventLoop().execute(() -> reply.ended(UNKNOWN, new byte[0]));
      return;
    }
    waiting.add(new Call(headers, message, reply));
    send();
  }

  private void send() {
    Call call;
    while (channel.isActive() && streams.size() < streamsMax && (call = waiting.peek()) != null) {
      int length = GRPC_PREFIX_BYTES + call.message().length;
      if (length > sendWindow) {
        break;
      }
      waiting.remove();
      sendWindow -= length;
      write(call, length);
    }
    if (!reading) {
      channel.flush();
    }
  }

  private void write(Call call, int length) {
    int stream = nextStream;
    nextStream += 2;
    streams.put(stream, new Stream(call.reply()));
    ByteBuf out = channel.alloc().ioBuffer(2 * FRAME_HEADER_BYTES + 256 + length);
    out.writeZero(FRAME_HEADER_BYTES);
    try {
      encoder.encodeHeaders(stream, call.headers(), out);
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
    int headerBytes = out.readableBytes() - FRAME_HEADER_BYTES;
    out.setMedium(0, headerBytes);
    out.setByte(3, Http2FrameTypes.HEADERS);
    out.setByte(4, Http2Flags.END_HEADERS);
    out.setInt(5, stream);
    int sent = 0;
    while (sent < length) {
      int part = Math.min(length - sent, Http2CodecUtil.DEFAULT_MAX_FRAME_SIZE);
      boolean last = sent + part == length;
      frame(out, part, Http2FrameTypes.DATA, last ? Http2Flags.END_STREAM : 0, stream);
      if (sent == 0) {
        out.writeByte(0).writeInt(call.message().length);
        out.writeBytes(call.message(), 0, part - GRPC_PREFIX_BYTES);
      } else {
        out.writeBytes(call.message(), sent - GRPC_PREFIX_BYTES, part);
      }
      sent += part;
    }
    channel.write(out);
  }

  private static ByteBuf frame(ByteBuf out, int length, int type, int flags, int stream) {
    return out.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    ByteBuf out = context.alloc().buffer();
    out.writeBytes(Http2CodecUtil.connectionPrefaceBuf());
    frame(out, 12, Http2FrameTypes.SETTINGS, 0, 0);
    out.writeShort(Http2CodecUtil.SETTINGS_ENABLE_PUSH).writeInt(0);
    out.writeShort(Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE)
        .writeInt(STREAM_RECEIVE_WINDOW_BYTES);
    frame(out, 4, Http2FrameTypes.WINDOW_UPDATE, 0, 0).writeInt(RECEIVE_WINDOW_BYTES);
    context.writeAndFlush(out);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) throws Exception {
    reading = true;
    int length = frame.readMedium();
    int type = frame.readUnsignedByte();
    short flags = frame.readUnsignedByte();
    int stream = frame.readInt() & Integer.MAX_VALUE;
    switch (type) {
      case Http2FrameTypes.DATA -> data(stream, flags, frame, length);
      case Http2FrameTypes.HEADERS -> headers(stream, flags, frame);
      case Http2FrameTypes.RST_STREAM -> end(stream, UNKNOWN);
      case Http2FrameTypes.SETTINGS -> settings(context, flags, frame);
      case Http2FrameTypes.PING -> ping(context, flags, frame);
      case Http2FrameTypes.WINDOW_UPDATE -> {
        if (stream == 0) {
          sendWindow += frame.readInt() & Integer.MAX_VALUE;
          send();
        }
      }
      default -> {}
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reading = false;
    context.flush();
  }

  private void data(int id, short flags, ByteBuf frame, int length) {
    Stream stream = streams.get(id);
    if (stream != null) {
      int before = stream.body.length;
      stream.body = Arrays.copyOf(stream.body, before + length);
      frame.readBytes(stream.body, before, length);
    }
    received += length;
    if (received > RECEIVE_WINDOW_BYTES / 2) {
      ByteBuf out = channel.alloc().buffer();
      channel.write(frame(out, 4, Http2FrameTypes.WINDOW_UPDATE, 0, 0).writeInt(received));
      received = 0;
    }
    endIfLast(id, flags);
  }

  private void headers(int id, short flags, ByteBuf frame) throws Http2Exception {
    // Decoded even for an unknown stream: the compression state depends on it.
    Http2Headers headers = decoder.decodeHeaders(id, frame);
    CharSequence status = headers.get("grpc-status");
    Stream stream = streams.get(id);
    if (stream != null && status != null) {
      stream.status = Integer.parseInt(status.toString());
      if (stream.status != 0 && !complained) {
        complained = true;
        System.err.println("first failure here: " + status + " " + headers.get("grpc-message"));
      }
    }
    endIfLast(id, flags);
  }

  private void endIfLast(int id, short flags) {
    if ((flags & Http2Flags.END_STREAM) != 0) {
      Stream stream = streams.get(id);
      end(id, stream == null ? UNKNOWN : stream.status);
    }
  }

  private void end(int id, int status) {
    Stream stream = streams.remove(id);
    if (stream != null) {
      stream.reply.ended(
          status,
          stream.body.length < GRPC_PREFIX_BYTES
              ? stream.body
              : Arrays.copyOfRange(stream.body, GRPC_PREFIX_BYTES, stream.body.length));
      send();
    }
  }

  private void settings(ChannelHandlerContext context, short flags, ByteBuf frame) {
    if ((flags & Http2Flags.ACK) != 0) {
      return;
    }
    while (frame.isReadable()) {
      int setting = frame.readUnsignedShort();
      long value = frame.readUnsignedInt();
      if (setting == Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE
          && value < Http2CodecUtil.DEFAULT_WINDOW_SIZE) {
        throw new IllegalStateException("the server takes only " + value + " bytes a request");
      }
      if (setting == Http2CodecUtil.SETTINGS_MAX_CONCURRENT_STREAMS) {
        streamsMax = value;
      }
    }
    context.writeAndFlush(
        frame(context.alloc().buffer(), 0, Http2FrameTypes.SETTINGS, Http2Flags.ACK, 0));
  }

  private static void ping(ChannelHandlerContext context, short flags, ByteBuf frame) {
    if ((flags & Http2Flags.ACK) == 0) {
      ByteBuf out = context.alloc().buffer();
      frame(out, 8, Http2FrameTypes.PING, Http2Flags.ACK, 0).writeBytes(frame);
      context.writeAndFlush(out);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    for (int id : streams.keySet().toArray(Integer[]::new)) {
      end(id, UNKNOWN);
    }
    for (Call call = waiting.poll(); call != null; call = waiting.poll()) {
      call.reply().ended(UNKNOWN, new byte[0]);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, @Nullable Throwable cause) {
    System.err.println("connection lost: " + cause);
    context.close();
  }
}
