package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Status;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.kindstead.model.Invariant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The formats of HTTP bodies. Errors are as particular as answers: to the Java client an error of
 * any content type but exactly {@code application/x-protobuf} is INTERNAL, and nothing is retried.
 */
enum HttpFormat {
  PROTOBUF(MediaType.create("application", "x-protobuf")),
  JSON(MediaType.JSON_UTF_8),
  /** JSON for clients that ask for enums as numbers (Node's REST fallback). */
  JSON_WITH_ENUM_NUMBERS(MediaType.JSON_UTF_8);

  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();
  private static final JsonFormat.Printer ENUM_NUMBER_PRINTER = PRINTER.printingEnumsAsInts();

  private final MediaType mediaType;

  HttpFormat(MediaType mediaType) {
    this.mediaType = mediaType;
  }

  /** Null when the content type is another; none at all means JSON. */
  static @Nullable HttpFormat of(ServiceRequestContext context, RequestHeaders headers) {
    String type =
        headers.get(HttpHeaderNames.CONTENT_TYPE, "application/json").toLowerCase(Locale.ROOT);
    if (type.startsWith("application/x-protobuf")) {
      return PROTOBUF;
    }
    if (!type.startsWith("application/json")) {
      return null;
    }
    String query = context.query();
    return query != null && query.contains("enum-encoding") ? JSON_WITH_ENUM_NUMBERS : JSON;
  }

  MediaType mediaType() {
    return mediaType;
  }

  /**
   * @param compressedBytesMin gzips an answer from this size on
   */
  HttpResponse response(Rpc rpc, Reply reply, int compressedBytesMin) {
    return switch (reply) {
      case Answer answer -> {
        byte[] body = body(rpc, answer);
        var headers = ResponseHeaders.builder(HttpStatus.OK).contentType(mediaType);
        if (body.length >= compressedBytesMin) {
          headers.add(HttpHeaderNames.CONTENT_ENCODING, "gzip");
          body = Gzip.compress(body);
        }
        yield HttpResponse.of(headers.build(), HttpData.wrap(body));
      }
      case Failure failure -> failure(failure);
    };
  }

  private byte[] body(Rpc rpc, Answer answer) {
    byte[] bytes = answer.bytesFrom(0);
    if (this == PROTOBUF) {
      return bytes;
    }
    try {
      var message = rpc.response().getParserForType().parseFrom(bytes);
      var printer = this == JSON ? PRINTER : ENUM_NUMBER_PRINTER;
      return printer.print(message).getBytes(UTF_8);
    } catch (InvalidProtocolBufferException e) {
      throw Invariant.broken("an answer is a " + rpc.method() + "Response: " + e.getMessage());
    }
  }

  HttpResponse failure(Failure failure) {
    int status = failure.code().httpStatus();
    var headers = ResponseHeaders.builder(HttpStatus.valueOf(status)).contentType(mediaType);
    return HttpResponse.of(headers.build(), body(failure, status));
  }

  /** google.rpc.Status, or its JSON envelope. */
  HttpData body(Failure failure, int httpStatus) {
    if (this == PROTOBUF) {
      return HttpData.wrap(
          Status.newBuilder()
              .setCode(failure.code().number())
              .setMessage(failure.message())
              .build()
              .toByteArray());
    }
    return HttpData.ofUtf8(
        "{\"error\":{\"code\":"
            + httpStatus
            + ",\"message\":"
            + quoted(failure.message())
            + ",\"status\":\""
            + failure.code().name()
            + "\"}}");
  }

  private static String quoted(String text) {
    var json = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c == '\n') {
        json.append("\\n");
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
