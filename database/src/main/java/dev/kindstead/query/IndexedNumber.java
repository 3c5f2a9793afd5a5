package dev.kindstead.query;

import dev.kindstead.encoding.IndexKeyEncoding;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.Value.Content;
import dev.kindstead.model.Value.IntegerValue;
import dev.kindstead.model.Value.NullValue;
import java.util.Arrays;

/** Reads an indexed value as a number: a timestamp, which an index shows as an integer, is none. */
final class IndexedNumber {
  private static final PartitionId ANY = new PartitionId("", "", "");
  private static final int PREFIX_LENGTH = IndexKeyEncoding.propertyPrefix(ANY, "", "").length;

  private IndexedNumber() {}

  /** The value; null for a timestamp. */
  static Content of(byte[] value) {
    Content content = IndexKeyEncoding.decodeValue(value, 0);
    if (content instanceof IntegerValue) {
      byte[] integer = IndexKeyEncoding.propertyValuePrefix(ANY, "", "", content);
      if (!Arrays.equals(value, 0, value.length, integer, PREFIX_LENGTH, integer.length)) {
        return NullValue.NULL;
      }
    }
    return content;
  }
}
