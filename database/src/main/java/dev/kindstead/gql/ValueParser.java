package dev.kindstead.gql;

import com.google.datastore.v1.ArrayValue;
import com.google.datastore.v1.GqlQueryParameter;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Key.PathElement;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.Value;
import com.google.protobuf.ByteString;
import com.google.protobuf.NullValue;
import com.google.protobuf.Timestamp;
import dev.kindstead.gql.Token.Kind;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;

/** Bindings and literals: what a property is compared with, how many, and from where. */
final class ValueParser {
  private final Words words;
  private final Bindings bindings;
  private final PartitionId partition;

  /**
   * @param partition of the keys that are written, as far as they do not name another; a bound key
   *     is a message that stands for itself
   */
  ValueParser(Words words, Bindings bindings, PartitionId partition) {
    this.words = words;
    this.bindings = bindings;
    this.partition = partition;
  }

  /** Whether a value is next, not a property's name. */
  boolean isNext() {
    Token next = words.peek();
    return switch (next.kind()) {
      case STRING, INTEGER, DOUBLE, BINDING -> true;
      case SYMBOL -> next.isSymbol("+") || next.isSymbol("-");
      case WORD ->
          next.isWord("TRUE")
              || next.isWord("FALSE")
              || next.isWord("NULL")
              || words.isCall("ARRAY")
              || words.isCall("KEY")
              || words.isCall("BLOB")
              || words.isCall("DATETIME");
      case QUOTED_NAME, END -> false;
    };
  }

  Value value() {
    Token next = words.peek();
    if (next.kind() == Kind.BINDING) {
      GqlQueryParameter bound = bindings.get(words.take());
      if (!bound.hasValue()) {
        throw words.error(next, next + " is a cursor, a value is needed here");
      }
      return bound.getValue();
    }
    if (words.isCall("ARRAY")) {
      return array();
    }
    if (words.isCall("KEY")) {
      return Value.newBuilder().setKeyValue(key()).build();
    }
    if (words.isCall("BLOB")) {
      return blob();
    }
    if (words.isCall("DATETIME")) {
      return dateTime();
    }
    return scalar();
  }

  private Value scalar() {
    Token next = words.peek();
    var value = Value.newBuilder();
    if (next.kind() == Kind.STRING) {
      value.setStringValue(text("a string"));
    } else if (words.takes("TRUE")) {
      bindings.checkLiteral("TRUE");
      value.setBooleanValue(true);
    } else if (words.takes("FALSE")) {
      bindings.checkLiteral("FALSE");
      value.setBooleanValue(false);
    } else if (words.takes("NULL")) {
      bindings.checkLiteral("NULL");
      value.setNullValue(NullValue.NULL_VALUE);
    } else {
      boolean negative = words.takesSymbol("-");
      if (!negative) {
        words.takesSymbol("+");
      }
      if (words.peek().kind() == Kind.DOUBLE) {
        String digits = (negative ? "-" : "") + words.take().text();
        bindings.checkLiteral(digits);
        value.setDoubleValue(Double.parseDouble(digits));
      } else {
        value.setIntegerValue(integer(negative));
      }
    }
    return value.build();
  }

  /** An integer literal, its sign taken already. */
  private long integer(boolean negative) {
    Token next = words.peek();
    if (next.kind() != Kind.INTEGER) {
      throw words.unexpected("a value");
    }
    String digits = (negative ? "-" : "") + words.take().text();
    bindings.checkLiteral(digits);
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException tooLarge) {
      throw words.error(next, digits + " is no 64-bit integer");
    }
  }

  private String text(String what) {
    if (words.peek().kind() != Kind.STRING) {
      throw words.unexpected(what);
    }
    String text = words.take().text();
    bindings.checkLiteral("'" + text + "'");
    return text;
  }

  private void open() {
    words.take();
    words.expectSymbol("(");
    words.down();
  }

  private void close() {
    words.expectSymbol(")");
    words.up();
  }

  private Value array() {
    open();
    var values = ArrayValue.newBuilder();
    if (!words.peek().isSymbol(")")) {
      do {
        values.addValues(value());
      } while (words.takesSymbol(","));
    }
    close();
    return Value.newBuilder().setArrayValue(values).build();
  }

  private Value blob() {
    open();
    Token literal = words.peek();
    String encoded = text("base64url text in quotes");
    close();
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(encoded);
      return Value.newBuilder().setBlobValue(ByteString.copyFrom(bytes)).build();
    } catch (IllegalArgumentException malformed) {
      throw words.error(literal, "this is no base64url text");
    }
  }

  private Value dateTime() {
    open();
    Token literal = words.peek();
    String text = text("a time in quotes, as 2026-01-31T12:00:00Z");
    close();
    try {
      Instant instant = OffsetDateTime.parse(text).toInstant();
      return Value.newBuilder()
          .setTimestampValue(
              Timestamp.newBuilder()
                  .setSeconds(instant.getEpochSecond())
                  .setNanos(instant.getNano()))
          .build();
    } catch (DateTimeException malformed) {
      throw words.error(literal, "this is no RFC 3339 time, as 2026-01-31T12:00:00Z");
    }
  }

  private Key key() {
    open();
    var key = Key.newBuilder();
    var inherited = partition.toBuilder();
    if (words.isCall("PROJECT")) {
      inherited.setProjectId(part("a project's id in quotes"));
    }
    if (words.isCall("NAMESPACE")) {
      inherited.setNamespaceId(part("a namespace in quotes"));
    }
    if (words.isCall("DATASET")) {
      throw words.error(words.peek(), "DATASET is not supported, use PROJECT");
    }
    do {
      var element = PathElement.newBuilder().setKind(words.name("a kind"));
      words.expectSymbol(",");
      if (words.peek().kind() == Kind.STRING) {
        element.setName(text("a name"));
      } else {
        element.setId(integer(words.takesSymbol("-")));
      }
      key.addPath(element);
    } while (words.takesSymbol(","));
    close();
    PartitionId whole = inherited.build();
    return whole.equals(PartitionId.getDefaultInstance())
        ? key.build()
        : key.setPartitionId(whole).build();
  }

  /** One of KEY's own functions, and the comma behind it. */
  private String part(String what) {
    open();
    String text = text(what);
    close();
    words.expectSymbol(",");
    return text;
  }

  /** How many results: an integer that is written or bound. */
  int count() {
    return (int) count(Integer.MAX_VALUE);
  }

  long count(long most) {
    Token next = words.peek();
    long count;
    if (next.kind() == Kind.BINDING) {
      Value bound = value();
      if (bound.getValueTypeCase() != Value.ValueTypeCase.INTEGER_VALUE) {
        throw words.error(next, next + " is no integer");
      }
      count = bound.getIntegerValue();
    } else {
      count = integer(words.takesSymbol("-"));
    }
    if (count < 0 || count > most) {
      throw words.error(next, count + " is not between 0 and " + most);
    }
    return count;
  }

  /** Whether a binding to a cursor is next. */
  boolean isCursor() {
    return words.peek().kind() == Kind.BINDING && bindings.get(words.peek()).hasCursor();
  }

  ByteString cursor() {
    if (!isCursor()) {
      throw words.unexpected("a binding to a cursor");
    }
    return bindings.get(words.take()).getCursor();
  }
}
