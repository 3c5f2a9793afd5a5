package dev.kindstead.protocol;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.WrappersProto;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashSet;
import java.util.Set;

/**
 * JSON to messages. Before protobuf's own reader gets a text, what would harm is refused: a number
 * of many digits, on which that reader spends time that grows with the square of their count; a
 * crowd of values, for it makes a tree of all of them first; and half a surrogate pair, which
 * protobuf cannot hold and which would be stored as something else.
 */
final class JsonMessages {
  /** Of a number; a double that is written out to its last digit has 767. */
  private static final int NUMBER_CHARS_MAX = 1_000;

  /**
   * Objects, arrays and what they hold, in one text. Each takes some hundred bytes before it is
   * part of a message, however short it is. In the largest request, of 11 MiB, that leaves it 11
   * bytes, which keys and entities with names of a usual length take and more.
   */
  static final int VALUES_MAX = 1_000_000;

  /** The numbers of a shorter text take no more than milliseconds. */
  private static final int HARMLESS_CHARS = 8 << 10;

  private final JsonReader reader;
  private final Set<String> numbers = new HashSet<>();

  private JsonMessages(JsonReader reader, Descriptor type) {
    this.reader = reader;
    collectNumbers(type, new HashSet<>());
  }

  /** Unknown fields are refused, as the service does. */
  static void merge(String json, Message.Builder into) throws InvalidProtocolBufferException {
    boolean mayHaveHalfPairs = json.contains("\\ud") || json.contains("\\uD");
    if (mayHaveHalfPairs || json.length() > HARMLESS_CHARS) {
      try (var reader = new JsonReader(new StringReader(json))) {
        reader.setLenient(true); // as protobuf's is
        new JsonMessages(reader, into.getDescriptorForType()).check();
      } catch (IOException | IllegalStateException e) {
        throw new InvalidProtocolBufferException("not JSON", new IOException(e));
      }
    }
    JsonFormat.parser().merge(json, into);
  }

  /** Names of the fields whose value is a number, or an enum, which may be given as one. */
  private void collectNumbers(Descriptor type, Set<Descriptor> seen) {
    if (!seen.add(type)) {
      return;
    }
    for (FieldDescriptor field : type.getFields()) {
      if (isNumber(field)) {
        numbers.add(field.getName());
        numbers.add(field.getJsonName());
      } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        collectNumbers(field.getMessageType(), seen);
      }
    }
  }

  private static boolean isNumber(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT, LONG, FLOAT, DOUBLE, ENUM -> true;
      case MESSAGE ->
          field.getMessageType().getFile().equals(WrappersProto.getDescriptor())
              && isNumber(field.getMessageType().findFieldByName("value"));
      case STRING, BYTE_STRING, BOOLEAN -> false;
    };
  }

  private void check() throws IOException {
    String name = "";
    int values = 0;
    for (JsonToken next = reader.peek(); next != JsonToken.END_DOCUMENT; next = reader.peek()) {
      values += isValue(next) ? 1 : 0;
      if (values > VALUES_MAX) {
        throw new InvalidProtocolBufferException("more than " + VALUES_MAX + " values");
      }
      switch (next) {
        case BEGIN_OBJECT -> reader.beginObject();
        case END_OBJECT -> reader.endObject();
        case BEGIN_ARRAY -> reader.beginArray();
        case END_ARRAY -> reader.endArray();
        case NAME -> name = checked(reader.nextName(), false);
        case STRING -> checked(reader.nextString(), numbers.contains(name));
        case NUMBER -> checked(reader.nextString(), true);
        case BOOLEAN -> reader.nextBoolean();
        case NULL -> reader.nextNull();
        case END_DOCUMENT -> {}
      }
    }
  }

  private static boolean isValue(JsonToken token) {
    return switch (token) {
      case BEGIN_OBJECT, BEGIN_ARRAY, STRING, NUMBER, BOOLEAN, NULL -> true;
      case END_OBJECT, END_ARRAY, NAME, END_DOCUMENT -> false;
    };
  }

  private static String checked(String text, boolean isNumber)
      throws InvalidProtocolBufferException {
    if (isNumber && text.length() > NUMBER_CHARS_MAX) {
      throw new InvalidProtocolBufferException("a number of " + text.length() + " digits");
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          throw new InvalidProtocolBufferException("half a surrogate pair");
        }
        i++;
      }
    }
    return text;
  }
}
