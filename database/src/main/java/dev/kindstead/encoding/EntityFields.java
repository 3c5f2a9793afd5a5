package dev.kindstead.encoding;

/**
 * The wire tags of {@code google/datastore/v1/entity.proto}: field number shifted by three, plus
 * the wire type (0 varint, 1 fixed 64 bits, 2 length-delimited).
 */
final class EntityFields {
  static final int ENTITY_KEY = 1 << 3 | 2;
  static final int ENTITY_PROPERTIES = 3 << 3 | 2;
  static final int PROPERTY_NAME = 1 << 3 | 2;
  static final int PROPERTY_VALUE = 2 << 3 | 2;

  static final int KEY_PARTITION_ID = 1 << 3 | 2;
  static final int KEY_PATH = 2 << 3 | 2;
  static final int PARTITION_PROJECT_ID = 2 << 3 | 2;
  static final int PARTITION_DATABASE_ID = 3 << 3 | 2;
  static final int PARTITION_NAMESPACE_ID = 4 << 3 | 2;
  static final int PATH_ELEMENT_KIND = 1 << 3 | 2;
  static final int PATH_ELEMENT_ID = 2 << 3;
  static final int PATH_ELEMENT_NAME = 3 << 3 | 2;

  static final int VALUE_BOOLEAN = 1 << 3;
  static final int VALUE_INTEGER = 2 << 3;
  static final int VALUE_DOUBLE = 3 << 3 | 1;
  static final int VALUE_KEY = 5 << 3 | 2;
  static final int VALUE_ENTITY = 6 << 3 | 2;
  static final int VALUE_GEO_POINT = 8 << 3 | 2;
  static final int VALUE_ARRAY = 9 << 3 | 2;
  static final int VALUE_TIMESTAMP = 10 << 3 | 2;
  static final int VALUE_NULL = 11 << 3;
  static final int VALUE_MEANING = 14 << 3;
  static final int VALUE_STRING = 17 << 3 | 2;
  static final int VALUE_BLOB = 18 << 3 | 2;
  static final int VALUE_EXCLUDE_FROM_INDEXES = 19 << 3;

  static final int TIMESTAMP_SECONDS = 1 << 3;
  static final int TIMESTAMP_NANOS = 2 << 3;
  static final int GEO_POINT_LATITUDE = 1 << 3 | 1;
  static final int GEO_POINT_LONGITUDE = 2 << 3 | 1;
  static final int ARRAY_VALUES = 1 << 3 | 2;

  private EntityFields() {}
}
