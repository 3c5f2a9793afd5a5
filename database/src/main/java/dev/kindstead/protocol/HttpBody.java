package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpHeaderNames;
import dev.kindstead.model.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * The body of an HTTP request.
 *
 * @param bytesMax of the body when it comes compressed
 */
record HttpBody(Rpc rpc, HttpFormat format, AggregatedHttpRequest request, int bytesMax)
    implements RequestBody {
  @Override
  public Message decode(Message prototype) throws InvalidProtocolBufferException {
    byte[] body = plain();
    return format == HttpFormat.PROTOBUF
        ? prototype.getParserForType().parseFrom(body)
        : parseJson(prototype, body);
  }

  @Override
  public int length() {
    int length = request.content().length();
    return encoding().equals("gzip")
        ? Gzip.length(request.content().array(), 0, length, bytesMax)
        : length;
  }

  @Override
  public byte[] bytesFrom(int offset) throws InvalidProtocolBufferException {
    if (format != HttpFormat.PROTOBUF) {
      return Answer.of(decode(rpc.request())).bytesFrom(offset);
    }
    byte[] body = plain();
    var bytes = new byte[offset + body.length];
    System.arraycopy(body, 0, bytes, offset, body.length);
    return bytes;
  }

  /** JSON is costly to read; what can't be read is refused when it is asked. */
  @Override
  public RequestBody kept() {
    if (format == HttpFormat.PROTOBUF) {
      return this;
    }
    try {
      return RequestBody.of(decode(rpc.request()), length());
    } catch (InvalidProtocolBufferException | RuntimeException refused) {
      return this;
    }
  }

  private byte[] plain() throws InvalidProtocolBufferException {
    byte[] body = request.content().array();
    String encoding = encoding();
    if (encoding.equals("gzip")) {
      return Gzip.decompress(body, 0, body.length, bytesMax);
    }
    if (!encoding.equals("identity")) {
      throw Calls.refusal(
          new Failure(
              Code.INVALID_ARGUMENT,
              "Unsupported content encoding \"" + encoding + "\": use gzip."));
    }
    return body;
  }

  private String encoding() {
    return request.headers().get(HttpHeaderNames.CONTENT_ENCODING, "identity");
  }

  /** Unknown fields are refused, as the service does. */
  private static Message parseJson(Message prototype, byte[] body)
      throws InvalidProtocolBufferException {
    var message = prototype.newBuilderForType();
    try {
      String json = UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      JsonMessages.merge(json.isBlank() ? "{}" : json, message);
    } catch (CharacterCodingException | RuntimeException e) {
      throw new InvalidProtocolBufferException("not JSON", new IOException(e));
    }
    return message.build();
  }
}
