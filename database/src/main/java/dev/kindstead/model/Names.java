package dev.kindstead.model;

import static dev.kindstead.model.DatastoreException.invalidArgument;
import static java.nio.charset.StandardCharsets.UTF_8;

/** The API's rules for kinds, names and ids, with the service's texts. Thread-safe. */
public final class Names {
  /** Of a kind, a key's name and a property's name, in UTF-8. */
  public static final int BYTES_MAX = 1_500;

  private static final int PARTITION_PART_MAX = 100;
  private static final int UTF_8_BYTES_PER_CHAR_MAX = 3;

  private Names() {}

  /** Names of the form {@code __name__} belong to the service. */
  public static boolean isReserved(String name) {
    return name.length() >= 4 && name.startsWith("__") && name.endsWith("__");
  }

  public static void checkKind(String kind, boolean reservedAllowed, int bytesMax) {
    checkNotEmpty(kind, "kind");
    checkLength(kind, "kind", bytesMax);
    if (!reservedAllowed && isReserved(kind)) {
      throw invalidArgument("The kind \"" + kind + "\" is reserved.");
    }
  }

  public static void checkKeyName(String name, boolean reservedAllowed, int bytesMax) {
    checkLength(name, "key path element name", bytesMax);
    if (!reservedAllowed && isReserved(name)) {
      throw invalidArgument("The key path element name \"" + name + "\" is reserved.");
    }
  }

  public static void checkProperty(String name, boolean reservedAllowed, int bytesMax) {
    checkNotEmpty(name, "property.name");
    checkLength(name, "property.name", bytesMax);
    if (!reservedAllowed && isReserved(name)) {
      throw invalidArgument("The property.name \"" + name + "\" is reserved.");
    }
  }

  /** Projects, databases and namespaces. */
  public static void checkPartitionPart(String part, String what, boolean reservedAllowed) {
    if (part.length() > PARTITION_PART_MAX) {
      throw invalidArgument("The " + what + " is longer than " + PARTITION_PART_MAX + " bytes.");
    }
    for (int i = 0; i < part.length(); i++) {
      if (!isPartitionCharacter(part.charAt(i), what)) {
        throw invalidArgument("Illegal string \"" + part + "\" in " + what + ".");
      }
    }
    if (!reservedAllowed && isReserved(part)) {
      throw invalidArgument("The " + what + " \"" + part + "\" is reserved.");
    }
  }

  /** Old projects are named {@code domain:project}. */
  private static boolean isPartitionCharacter(char c, String what) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '-'
        || c == '_'
        || (c == ':' && what.equals("project id"));
  }

  private static void checkNotEmpty(String name, String what) {
    if (name.isEmpty()) {
      throw invalidArgument("The " + what + " is the empty string.");
    }
  }

  private static void checkLength(String name, String what, int bytesMax) {
    if (isLonger(name, bytesMax)) {
      throw invalidArgument("The " + what + " is longer than " + bytesMax + " bytes.");
    }
  }

  /** Whether {@code text} has more than {@code bytesMax} bytes of UTF-8. */
  public static boolean isLonger(String text, int bytesMax) {
    return text.length() > bytesMax / UTF_8_BYTES_PER_CHAR_MAX
        && text.getBytes(UTF_8).length > bytesMax;
  }
}
