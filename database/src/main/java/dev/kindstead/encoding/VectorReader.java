package dev.kindstead.encoding;

import static dev.kindstead.encoding.EntityFields.ARRAY_VALUES;
import static dev.kindstead.encoding.EntityFields.ENTITY_PROPERTIES;
import static dev.kindstead.encoding.EntityFields.PROPERTY_NAME;
import static dev.kindstead.encoding.EntityFields.PROPERTY_VALUE;
import static dev.kindstead.encoding.EntityFields.VALUE_ARRAY;
import static dev.kindstead.encoding.EntityFields.VALUE_DOUBLE;
import static dev.kindstead.encoding.EntityFields.VALUE_MEANING;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one vector out of a stored entity, without making values of anything else in it. Confined
 * to one thread; made for many entities.
 */
public final class VectorReader {
  /** What marks an array of doubles as a vector. */
  private static final int MEANING_VECTOR = 31;

  private final String property;
  private final double[] vector;

  /**
   * @param property a property of the entity itself
   * @param dimensions of the vectors looked for; others are none
   */
  public VectorReader(String property, int dimensions) {
    this.property = property;
    this.vector = new double[dimensions];
  }

  /** The vector, valid until the next call; null when the property is no such vector. */
  public double @Nullable [] read(byte[] entity) {
    var in = CodedInputStream.newInstance(entity);
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag != ENTITY_PROPERTIES) {
          in.skipField(tag);
          continue;
        }
        int length = in.readRawVarint32();
        int end = in.getTotalBytesRead() + length;
        if (in.readTag() == PROPERTY_NAME
            && in.readString().equals(property)
            && in.readTag() == PROPERTY_VALUE) {
          return value(in) ? vector : null;
        }
        in.skipRawBytes(end - in.getTotalBytesRead());
      }
      return null;
    } catch (IOException e) {
      throw new CorruptBytesException("entity", e);
    }
  }

  private boolean value(CodedInputStream in) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    boolean marked = false;
    boolean whole = false;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case VALUE_MEANING -> marked = in.readInt32() == MEANING_VECTOR;
        case VALUE_ARRAY -> whole = elements(in);
        default -> in.skipField(tag);
      }
    }
    in.popLimit(outer);
    return marked && whole;
  }

  private boolean elements(CodedInputStream in) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    int count = 0;
    boolean doubles = true;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag != ARRAY_VALUES) {
        in.skipField(tag);
        continue;
      }
      int element = in.pushLimit(in.readRawVarint32());
      boolean isDouble = false;
      for (int field = in.readTag(); field != 0; field = in.readTag()) {
        if (field == VALUE_DOUBLE) {
          double read = in.readDouble();
          if (count < vector.length) {
            vector[count] = read;
          }
          isDouble = true;
        } else {
          in.skipField(field);
        }
      }
      in.popLimit(element);
      doubles &= isDouble;
      count++;
    }
    in.popLimit(outer);
    return doubles && count == vector.length;
  }
}
