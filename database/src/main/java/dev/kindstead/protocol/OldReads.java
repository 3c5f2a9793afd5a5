package dev.kindstead.protocol;

import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.ReadOptions;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Tells reads that need not be of now from others, without decoding either. */
final class OldReads {
  /** The same in all three requests that read; encoders write it first. */
  private static final int READ_OPTIONS_TAG =
      LookupRequest.READ_OPTIONS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private OldReads() {}

  /** One whose options do not come first counts as a read of now, and is served as well. */
  static boolean isOne(RequestBody body) {
    try {
      return isOne(body.bytesFrom(0), 0);
    } catch (InvalidProtocolBufferException malformed) {
      return false;
    }
  }

  /** The same of a request's bytes from {@code offset} on. */
  static boolean isOne(byte[] bytes, int offset) {
    try {
      ReadOptions options = options(bytes, offset);
      return options != null
          && (options.hasReadTime()
              || options.getReadConsistency() == ReadOptions.ReadConsistency.EVENTUAL);
    } catch (IOException malformed) {
      return false;
    }
  }

  /** The read options if they come first, null otherwise. */
  static @Nullable ReadOptions options(byte[] bytes, int offset) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(bytes, offset, bytes.length - offset);
    if (in.readTag() != READ_OPTIONS_TAG) {
      return null;
    }
    var options = ReadOptions.newBuilder();
    in.readMessage(options, ExtensionRegistryLite.getEmptyRegistry());
    return options.build();
  }
}
