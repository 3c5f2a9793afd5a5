package dev.kindstead.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What arrives at the node-to-node door: any bytes are frames and greetings, or refused. */
final class FrameFuzzTest {
  private static final AnyBytes BYTES =
      AnyBytes.refusedWith(DecoderException.class, IllegalArgumentException.class);
  private static final Introduction US = new Introduction("node-1", "cluster-1");

  static Stream<byte[]> frames() {
    ByteBuf frames = Unpooled.buffer();
    Frame.write(frames, Frame.GREETING, (byte) 0, 0, greeting());
    Frame.write(frames, Frame.REQUEST, (byte) 1, 7, new byte[] {1, 2, 3});
    Frame.write(frames, Frame.FAREWELL, (byte) 0, 0, Frame.bytes("why\nnot"));
    return Stream.of(Frame.payload(frames));
  }

  private static byte[] greeting() {
    return new Greeting(US, "10.0.0.1:7081", "node-2").bytes();
  }

  @MethodSource("frames")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void frames(byte[] bytes) {
    BYTES.read(bytes, FrameFuzzTest::cutIntoFrames);
  }

  private static int cutIntoFrames(byte[] bytes) {
    FrameDecoder decoder = new FrameDecoder();
    if (bytes.length % 2 == 0) {
      decoder.allowLargeFrames();
    }
    EmbeddedChannel channel = new EmbeddedChannel(decoder);
    try {
      channel.writeInbound(Unpooled.copiedBuffer(bytes, 0, bytes.length / 3));
      channel.writeInbound(
          Unpooled.copiedBuffer(bytes, bytes.length / 3, bytes.length - bytes.length / 3));
      int frames = 0;
      for (ByteBuf frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
        assertThat(frame.readableBytes()).isGreaterThanOrEqualTo(Frame.HEADER_BYTES);
        frame.readByte();
        Frame.service(frame.readByte());
        frame.readLong();
        assertThat(Frame.text(frame)).doesNotContain("\n");
        frame.release();
        frames++;
      }
      return frames;
    } finally {
      channel.finishAndReleaseAll();
    }
  }

  static Stream<byte[]> greetings() {
    return Stream.of(greeting(), new Greeting(new Introduction("n", ""), "", "").bytes());
  }

  @MethodSource("greetings")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void greeting(byte[] bytes) {
    Greeting greeting =
        BYTES.comesBack(bytes, any -> Greeting.read(Unpooled.wrappedBuffer(any)), Greeting::bytes);
    if (greeting != null) {
      greeting.objection(US);
      new Addresses().learn(greeting);
      BYTES.comesBack(
          greeting.address().getBytes(UTF_8),
          text -> NodeAddress.parse(new String(text, UTF_8)),
          address -> address.toString().getBytes(UTF_8));
    }
  }
}
