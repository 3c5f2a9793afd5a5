package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import io.netty.util.AsciiString;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * gRPC's wire format for unary calls: a frame of one flag byte, four bytes of length and the
 * message; the status in trailers, or in the only headers of a failure.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md">gRPC over HTTP2</a>
 */
final class GrpcFrames {
  static final int PREFIX_BYTES = 5;

  /** Of an escaped message. It is in a header, of which clients take 8 KiB together. */
  private static final int ESCAPED_BYTES_MAX = 4 << 10;

  private static final byte COMPRESSED = 1;
  private static final String MEDIA_TYPE = "application/grpc";
  private static final String GZIP = "gzip";
  private static final AsciiString STATUS = AsciiString.cached("grpc-status");
  private static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
  private static final AsciiString ENCODING = AsciiString.cached("grpc-encoding");
  private static final AsciiString ACCEPT_ENCODING = AsciiString.cached("grpc-accept-encoding");

  private static final ResponseHeaders PLAIN_HEADERS =
      ResponseHeaders.of(HttpStatus.OK, HttpHeaderNames.CONTENT_TYPE, MEDIA_TYPE);
  private static final ResponseHeaders GZIP_HEADERS =
      PLAIN_HEADERS.toBuilder().add(ENCODING, GZIP).build();
  private static final HttpHeaders OK_TRAILERS = HttpHeaders.of(STATUS, "0");

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private GrpcFrames() {}

  static boolean isGrpc(@Nullable String contentType) {
    return contentType != null && contentType.startsWith(MEDIA_TYPE);
  }

  /** The response to a request that is not gRPC at all, null to go on. */
  static @Nullable HttpResponse refusal(HttpRequest request) {
    if (request.method() != HttpMethod.POST) {
      return HttpResponse.of(
          HttpStatus.METHOD_NOT_ALLOWED, MediaType.PLAIN_TEXT_UTF_8, "gRPC methods take POST.\n");
    }
    String contentType = request.headers().get(HttpHeaderNames.CONTENT_TYPE);
    if (!isGrpc(contentType) || contentType.startsWith("application/grpc-web")) {
      return HttpResponse.of(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          MediaType.PLAIN_TEXT_UTF_8,
          "gRPC methods take application/grpc.\n");
    }
    return null;
  }

  /** Whether a message came compressed, which asks for a compressed answer. */
  static boolean isGzip(RequestHeaders headers) {
    return GZIP.equals(headers.get(ENCODING)) && headers.get(ACCEPT_ENCODING, "").contains(GZIP);
  }

  /** The one message in {@code body}, of the type of {@code prototype}. */
  static Message parse(Message prototype, byte[] body, RequestHeaders headers, int bytesMax)
      throws InvalidProtocolBufferException {
    checkFrame(body);
    var parser = prototype.getParserForType();
    return body[0] == COMPRESSED
        ? parser.parseFrom(decompressed(body, headers, bytesMax))
        : parser.parseFrom(body, PREFIX_BYTES, body.length - PREFIX_BYTES);
  }

  /** The bytes of the one message in {@code body}, after {@code offset} unset bytes. */
  static byte[] messageFrom(int offset, byte[] body, RequestHeaders headers, int bytesMax)
      throws InvalidProtocolBufferException {
    checkFrame(body);
    boolean isCompressed = body[0] == COMPRESSED;
    byte[] source = isCompressed ? decompressed(body, headers, bytesMax) : body;
    int from = isCompressed ? 0 : PREFIX_BYTES;
    var bytes = new byte[offset + source.length - from];
    System.arraycopy(source, from, bytes, offset, source.length - from);
    return bytes;
  }

  /** How many bytes the message has when it is decompressed, and at least those that come. */
  static int lengthOf(byte[] body, int bytesMax) {
    return body.length > PREFIX_BYTES && body[0] == COMPRESSED
        ? Gzip.length(body, PREFIX_BYTES, body.length - PREFIX_BYTES, bytesMax)
        : body.length;
  }

  private static void checkFrame(byte[] body) throws InvalidProtocolBufferException {
    if (body.length < PREFIX_BYTES || length(body) != body.length - PREFIX_BYTES) {
      throw new InvalidProtocolBufferException("not one gRPC frame");
    }
  }

  private static byte[] decompressed(byte[] body, RequestHeaders headers, int bytesMax)
      throws InvalidProtocolBufferException {
    String encoding = headers.get(ENCODING, "identity");
    if (!encoding.equals(GZIP)) {
      throw new DatastoreException(
          Code.UNIMPLEMENTED, "message encoding " + encoding + " is not supported, use gzip");
    }
    return Gzip.decompress(body, PREFIX_BYTES, body.length - PREFIX_BYTES, bytesMax);
  }

  private static int length(byte[] frame) {
    return (frame[1] & 0xff) << 24
        | (frame[2] & 0xff) << 16
        | (frame[3] & 0xff) << 8
        | (frame[4] & 0xff);
  }

  static HttpResponse response(Reply reply, boolean compress) {
    return switch (reply) {
      case Answer answer when compress -> compressed(answer);
      case Answer answer ->
          HttpResponse.of(
              PLAIN_HEADERS, HttpData.wrap(frame(answer.bytesFrom(PREFIX_BYTES))), OK_TRAILERS);
      case Failure failure -> failure(failure);
    };
  }

  private static HttpResponse compressed(Answer answer) {
    byte[] message = Gzip.compress(answer.bytesFrom(0));
    var bytes = new byte[PREFIX_BYTES + message.length];
    System.arraycopy(message, 0, bytes, PREFIX_BYTES, message.length);
    frame(bytes)[0] = COMPRESSED;
    return HttpResponse.of(GZIP_HEADERS, HttpData.wrap(bytes), OK_TRAILERS);
  }

  private static byte[] frame(byte[] bytes) {
    int length = bytes.length - PREFIX_BYTES;
    bytes[1] = (byte) (length >>> 24);
    bytes[2] = (byte) (length >>> 16);
    bytes[3] = (byte) (length >>> 8);
    bytes[4] = (byte) length;
    return bytes;
  }

  static HttpResponse failure(Failure failure) {
    return HttpResponse.of(failureHeaders(failure));
  }

  static ResponseHeaders failureHeaders(Failure failure) {
    return PLAIN_HEADERS.toBuilder()
        .endOfStream(true)
        .add(STATUS, Integer.toString(failure.code().number()))
        .add(MESSAGE, escaped(failure.message()))
        .build();
  }

  /** Percent-encodes what is not printable ASCII, and the percent sign; cuts what is too long. */
  static String escaped(String message) {
    var text = new StringBuilder(message.length());
    for (int at = 0; at < message.length(); ) {
      int before = text.length();
      int codePoint = message.codePointAt(at);
      append(text, codePoint);
      if (text.length() > ESCAPED_BYTES_MAX) {
        text.setLength(before);
        return text.append("...").toString();
      }
      at += Character.charCount(codePoint);
    }
    return text.toString();
  }

  private static void append(StringBuilder text, int codePoint) {
    if (codePoint >= ' ' && codePoint < 0x7f && codePoint != '%') {
      text.append((char) codePoint);
      return;
    }
    for (byte b : Character.toString(codePoint).getBytes(UTF_8)) {
      text.append('%').append(HEX.toHexDigits(b));
    }
  }
}
