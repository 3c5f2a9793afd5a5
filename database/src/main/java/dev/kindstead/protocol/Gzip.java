package dev.kindstead.protocol;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Compression of bodies and gRPC messages. */
final class Gzip {
  private Gzip() {}

  /** What compressed bytes end with: how long they were, modulo 2^32. */
  private static final int TRAILER_BYTES = Integer.BYTES;

  /**
   * How many bytes {@link #decompress} will give, if it gives any, and at least those that come.
   */
  static int length(byte[] bytes, int offset, int length, int bytesMax) {
    if (length < TRAILER_BYTES) {
      return length;
    }
    int end = offset + length;
    long told =
        (bytes[end - 4] & 0xffL)
            | (bytes[end - 3] & 0xffL) << 8
            | (bytes[end - 2] & 0xffL) << 16
            | (bytes[end - 1] & 0xffL) << 24;
    return (int) Math.max(length, Math.min(told, bytesMax));
  }

  /** Refuses to grow beyond {@code bytesMax}: a small body may hide a huge one. */
  static byte[] decompress(byte[] bytes, int offset, int length, int bytesMax)
      throws InvalidProtocolBufferException {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes, offset, length))) {
      byte[] plain = in.readNBytes(bytesMax);
      if (plain.length == bytesMax && in.read() >= 0) {
        Failure tooLarge = Failure.tooLarge(bytesMax);
        throw new DatastoreException(Code.INVALID_ARGUMENT, tooLarge.message());
      }
      if (plain.length > length(bytes, offset, length, bytesMax)) {
        throw new IOException("several parts, of which the last says how long all are");
      }
      return plain;
    } catch (IOException e) {
      throw new InvalidProtocolBufferException("not gzip", e);
    }
  }

  /** Fast rather than small. */
  static byte[] compress(byte[] bytes) {
    var out = new ByteArrayOutputStream(bytes.length / 2);
    try (var gzip = new FastGzip(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(ByteArrayOutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
